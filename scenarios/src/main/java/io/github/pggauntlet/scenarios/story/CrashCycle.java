package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The story everything starts from, in the words of the engineer who asked for it:
 *
 * <blockquote>
 *
 * There are two machines, machine0 and machine1. Both have PostgreSQL installed. One of them should be active, as a primary,
 * and through streaming replication the other machine, the standby, should copy changes to the database from the primary.
 * Assume that machine0 is the primary and machine1 is the standby at the beginning.
 *
 * <p>If the primary (say machine0) fails (failure here means the PostgreSQL server crashes), the standby should take over
 * from the primary and become the new primary.
 *
 * <p>machine1, the new primary, handles all the database operations, and when the PostgreSQL server in machine0 gets back
 * online, it should become a standby, start synchronizing from the point where it lost contact with machine1, copy all
 * changes to the database, and stay in standby mode.
 *
 * <p>When machine1 fails, the whole cycle repeats.
 *
 * <p>When the standby fails and comes back online, it should start reading from the primary and synchronize data.
 *
 * </blockquote>
 *
 * <p>It is played under load, as many cycles as are asked for. A fault comes at a moment drawn by lot from the run's seed,
 * counted in acknowledged writes and not in time, so that a slow computer plays the same story as a fast one.
 */
public final class CrashCycle implements Scenario {

    static final String CYCLES = "cycles";
    static final String FAULT = "fault";

    private static final int MOST_CYCLES = 1000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int WRITES_BEFORE = 100;
    private static final int WRITES_DRAWN = 400;
    private static final int WRITES_WHILE_AWAY = 200;

    @Override
    public String name() {
        return "crash-cycle";
    }

    @Override
    public String description() {
        return "the primary fails, the standby takes over, the failed one returns as standby; again with the roles"
                + " exchanged; at last the standby fails and returns";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(CYCLES, "3", "how often the primary fails"),
                new Parameter(FAULT, Blow.POSTMASTER.id(), "what fails: " + Blow.all()));
    }

    @Override
    public void validate(Map<String, String> parameters, int machines) {
        cycles(parameters);
        Blow.of(parameters.getOrDefault(FAULT, ""));
        if (machines < 2) {
            throw new IllegalArgumentException("A primary and a standby take two machines, not " + machines + ".");
        }
    }

    private static int cycles(Map<String, String> parameters) {
        String text = parameters.getOrDefault(CYCLES, "");
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_CYCLES) {
            throw new IllegalArgumentException(
                    "The number of cycles lies between 1 and " + MOST_CYCLES + "; '" + text + "' does not.");
        }
        return Integer.parseInt(text);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        Blow blow = Blow.of(stage.parameters().getOrDefault(FAULT, ""));
        int cycles = cycles(stage.parameters());
        for (int cycle = 1; cycle <= cycles; cycle++) {
            NodeStatus primary = stage.awaitPrimary(LIMIT);
            stage.phase("cycle " + cycle + " of " + cycles + ": " + primary.member() + " is primary");
            stage.awaitAcknowledged(WRITES_BEFORE + stage.random().nextInt(WRITES_DRAWN), LIMIT);
            ActiveFault fault = stage.inject(blow.on(Target.primary()));
            stage.awaitTakeover(primary.member(), LIMIT);
            stage.awaitAcknowledged(WRITES_WHILE_AWAY, LIMIT);
            stage.phase("cycle " + cycle + " of " + cycles + ": " + primary.member() + " returns");
            stage.heal(fault);
            stage.awaitWhole(LIMIT);
        }
        stage.phase("the standby fails and returns");
        stage.awaitAcknowledged(WRITES_BEFORE + stage.random().nextInt(WRITES_DRAWN), LIMIT);
        ActiveFault fault = stage.inject(hasServer(stage) ? blow.on(Target.standby()) : Blow.HOST.on(Target.standby()));
        stage.awaitAcknowledged(WRITES_WHILE_AWAY, LIMIT);
        stage.heal(fault);
        stage.awaitWhole(LIMIT);
        stage.awaitAcknowledged(WRITES_BEFORE, LIMIT);
    }

    /** Whether PostgreSQL runs on the standby. Where only its disk is kept alike, what can fail of it is its machine. */
    private static boolean hasServer(Stage stage) {
        return stage.look().stream()
                .filter(node -> node.role() == NodeRole.STANDBY)
                .anyMatch(node -> node.postmasterPid().isPresent());
    }
}
