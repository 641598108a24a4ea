package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.harness.run.StoryStuck;
import java.time.Duration;

/**
 * The clock by which the standby's ucarp measures silence is set forward. It believes that it has heard nothing for an hour and
 * becomes master of the address at once, while the primary is well and says so. Its own advertisements come more often than the
 * primary's, so the primary's ucarp makes way for it, and PostgreSQL has to follow.
 *
 * <p>An advertisement that arrives in the same moment is seen before the clock is, and nothing comes of the step; it is then made
 * again.
 *
 * <p>Only the first machine, whose interval is the shorter one, is hit by this: an advertisement that arrives is seen before the
 * clock is, and one arrives within each interval of the other machine (UCARP 1.5.2, {@code carp.c}). So it is made the standby
 * first.
 */
public final class ClockForward extends AddressStory {

    private static final Duration STEP = Duration.ofHours(1);
    private static final int MOST_STEPS = 4;

    /** Long enough for a takeover with the quick preset; with the other the last step is given the time it takes. */
    private static final Duration SEEN = Duration.ofSeconds(12);

    /** The story. */
    public ClockForward() {
        super("clock-forward", "the first machine is standby, and the clock of its ucarp is set forward by an hour");
    }

    @Override
    void trouble(Stage stage, String primary, String standby, Duration time) throws InterruptedException {
        String first = stage.members().get(0);
        if (primary.equals(first)) {
            ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(first)));
            stage.awaitTakeover(first, LIMIT);
            stage.heal(crash);
            stage.awaitWhole(LIMIT);
            stage.awaitAcknowledged(SOME, LIMIT);
        }
        stage.phase("the clock of " + first + "'s ucarp steps");
        ActiveFault step = stepUntilSeen(stage, first);
        stage.endure(time);
        stage.heal(step);
        stage.endure(MEETING);
    }

    private static ActiveFault stepUntilSeen(Stage stage, String first) throws InterruptedException {
        for (int left = MOST_STEPS - 1; ; left--) {
            ActiveFault step = stage.inject(new AddressFault.StepUcarpClock(Target.named(first), STEP));
            try {
                stage.awaitTakeover(second(stage), left > 0 ? SEEN : LIMIT);
                return step;
            } catch (StoryStuck e) {
                if (left == 0) {
                    throw e;
                }
                stage.heal(step);
            }
        }
    }

    private static String second(Stage stage) {
        return stage.members().get(1);
    }
}
