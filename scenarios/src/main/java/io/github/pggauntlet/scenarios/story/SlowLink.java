package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The standby's link to the primary grows slow, under load; then the primary's postmaster is killed while the link is still
 * slow. What the standby had not got by then is lost if it was acknowledged; and a standby that takes a slow primary for a
 * dead one makes a second primary.
 */
public final class SlowLink implements Scenario {

    static final String LATENCY = "latency";
    static final String SECONDS = "seconds";
    static final String END = "end";

    private static final String CRASH = "crash";
    private static final String SWITCHOVER = "switchover";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WRITES_BEFORE = 300;
    private static final int WRITES_WHILE_SLOW = 20;
    private static final int WRITES_AFTER = 200;
    private static final int MOST_MILLIS = 10_000;
    private static final int MOST_SECONDS = 600;

    @Override
    public String name() {
        return "slow-link";
    }

    @Override
    public String description() {
        return "the standby's link to the primary grows slow, then the primary fails";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(LATENCY, "600", "the link's additional delay in each direction, in milliseconds"),
                new Parameter(SECONDS, "5", "for how many seconds the link is slow before the primary fails"),
                new Parameter(
                        END,
                        CRASH,
                        "what ends the primary's time: its PostgreSQL's '" + CRASH + "', or a '" + SWITCHOVER + "'"));
    }

    @Override
    public void validate(Map<String, String> parameters, int machines) {
        latency(parameters);
        seconds(parameters);
        String end = parameters.getOrDefault(END, CRASH);
        if (!end.equals(CRASH) && !end.equals(SWITCHOVER)) {
            throw new IllegalArgumentException(
                    "The primary's time ends by a '" + CRASH + "' or a '" + SWITCHOVER + "', not by '" + end + "'.");
        }
        if (machines < 2) {
            throw new IllegalArgumentException("A primary and a standby take two machines, not " + machines + ".");
        }
    }

    private static Duration latency(Map<String, String> parameters) {
        String text = parameters.getOrDefault(LATENCY, "");
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_MILLIS) {
            throw new IllegalArgumentException(
                    "The latency lies between 1 and " + MOST_MILLIS + " ms; '" + text + "' does not.");
        }
        return Duration.ofMillis(Integer.parseInt(text));
    }

    private static Duration seconds(Map<String, String> parameters) {
        String text = parameters.getOrDefault(SECONDS, "");
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    "The link is slow for at most " + MOST_SECONDS + " s; '" + text + "' is no such number.");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        NodeStatus primary = stage.awaitPrimary(LIMIT);
        stage.phase(primary.member() + " is primary");
        stage.awaitAcknowledged(WRITES_BEFORE, LIMIT);
        ActiveFault slow =
                stage.inject(new Fault.SlowLink(Target.standby(), Target.primary(), latency(stage.parameters())));
        stage.phase("the standby's link is slow");
        stage.endure(seconds(stage.parameters()));
        stage.awaitAcknowledged(WRITES_WHILE_SLOW, LIMIT);
        ActiveFault crash = stage.inject(
                SWITCHOVER.equals(stage.parameters().get(END))
                        ? new Fault.Switchover(Optional.empty())
                        : new Fault.KillPostmaster(Target.named(primary.member())));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(WRITES_AFTER, LIMIT);
        // Not before: as long as the connections through the slow link are dying, Toxiproxy cannot let go of the delay.
        stage.heal(slow);
        stage.heal(crash);
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(WRITES_AFTER, LIMIT);
    }
}
