package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.LinkFault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The standby's link to the primary grows slow, or silent, under load; then the primary's postmaster is killed while the link
 * is still so. What the standby had not got by then is lost if it was acknowledged; and a standby that takes a slow primary for a
 * dead one makes a second primary.
 */
public final class SlowLink implements Scenario {

    static final String LATENCY = "latency";
    static final String SECONDS = "seconds";
    static final String END = "end";

    static final String KILOBYTES = "kilobytes";
    static final String CUT = "cut";

    private static final String CRASH = "crash";
    private static final String HOST = "host";
    private static final String SWITCHOVER = "switchover";
    private static final String YES = "yes";
    private static final String NO = "no";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WRITES_BEFORE = 300;
    private static final int WRITES_WHILE_SLOW = 20;
    private static final int WRITES_AFTER = 200;
    private static final int MOST_MILLIS = 10_000;
    private static final int MOST_SECONDS = 600;
    private static final int MOST_KILOBYTES = 1000;

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
                        "what ends the primary's time: its PostgreSQL's '" + CRASH + "', the loss of its '" + HOST
                                + "', or a '" + SWITCHOVER + "'"),
                new Parameter(
                        KILOBYTES,
                        "0",
                        "how many kilobytes a second the links between both let through, instead of a delay; 0: all"),
                new Parameter(
                        CUT,
                        NO,
                        "'" + YES + "': nothing passes the links between both, instead of a delay, and what is"
                                + " acknowledged meanwhile is with the primary alone"));
    }

    @Override
    public void validate(Map<String, String> parameters, int machines) {
        latency(parameters);
        seconds(parameters);
        int kilobytes = kilobytes(parameters);
        if (cut(parameters) && kilobytes > 0) {
            throw new IllegalArgumentException(
                    "A link that is cut lets nothing through: give '" + CUT + "' or '" + KILOBYTES + "', not both.");
        }
        String end = parameters.getOrDefault(END, CRASH);
        if (!List.of(CRASH, HOST, SWITCHOVER).contains(end)) {
            throw new IllegalArgumentException("The primary's time ends by a '" + CRASH + "', the loss of its '" + HOST
                    + "' or a '" + SWITCHOVER + "', not by '" + end + "'.");
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

    private static int kilobytes(Map<String, String> parameters) {
        String text = parameters.getOrDefault(KILOBYTES, "0");
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) > MOST_KILOBYTES) {
            throw new IllegalArgumentException("A narrow link lets at most " + MOST_KILOBYTES
                    + " kB a second through; '" + text + "' is no such number.");
        }
        return Integer.parseInt(text);
    }

    private static boolean cut(Map<String, String> parameters) {
        String text = parameters.getOrDefault(CUT, NO);
        if (!List.of(YES, NO).contains(text)) {
            throw new IllegalArgumentException(
                    "Whether the links are cut is said by '" + YES + "' or '" + NO + "', not by '" + text + "'.");
        }
        return text.equals(YES);
    }

    private static List<Fault> trouble(Map<String, String> parameters) {
        if (cut(parameters)) {
            return List.of(new PartitionFault.CutLinks(Target.primary(), Target.standby()));
        }
        int kilobytes = kilobytes(parameters);
        return kilobytes == 0
                ? List.of(new Fault.SlowLink(Target.standby(), Target.primary(), latency(parameters)))
                // Which of the two has opened what is copied through is not for the story to know.
                : List.of(
                        new LinkFault.NarrowLink(Target.standby(), Target.primary(), kilobytes),
                        new LinkFault.NarrowLink(Target.primary(), Target.standby(), kilobytes));
    }

    private static Fault end(Map<String, String> parameters, String primary) {
        return switch (parameters.getOrDefault(END, CRASH)) {
            case SWITCHOVER -> new Fault.Switchover(Optional.empty());
            case HOST -> new Fault.KillHost(Target.named(primary));
            default -> new Fault.KillPostmaster(Target.named(primary));
        };
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        NodeStatus primary = stage.awaitPrimary(LIMIT);
        stage.phase(primary.member() + " is primary");
        stage.awaitAcknowledged(WRITES_BEFORE, LIMIT);
        List<ActiveFault> slow = new ArrayList<>();
        for (Fault fault : trouble(stage.parameters())) {
            slow.add(stage.inject(fault));
        }
        stage.phase(cut(stage.parameters()) ? "nothing passes between the machines" : "the standby's link is slow");
        stage.endure(seconds(stage.parameters()));
        if (!cut(stage.parameters())) {
            // Who waits for the other machine acknowledges nothing before it has given the link up.
            stage.awaitAcknowledged(WRITES_WHILE_SLOW, LIMIT);
        }
        ActiveFault crash = stage.inject(end(stage.parameters(), primary.member()));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(WRITES_AFTER, LIMIT);
        // Not before: as long as the connections through the slow link are dying, Toxiproxy cannot let go of the delay.
        for (ActiveFault fault : slow) {
            stage.heal(fault);
        }
        stage.heal(crash);
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(WRITES_AFTER, LIMIT);
    }
}
