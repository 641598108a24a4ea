package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import java.time.Duration;

/**
 * The clock by which the standby's ucarp measures silence is set forward. It believes that it has heard nothing for an hour and
 * becomes master of the address at once, while the primary is well and says so.
 */
public final class ClockForward extends AddressStory {

    private static final Duration STEP = Duration.ofHours(1);

    /** The story. */
    public ClockForward() {
        super("clock-forward", "the clock of the standby's ucarp is set forward by an hour");
    }

    @Override
    void trouble(Stage stage, String primary, String standby, Duration time) throws InterruptedException {
        ActiveFault step = stage.inject(new AddressFault.StepUcarpClock(Target.named(standby), STEP));
        stage.endure(time);
        stage.heal(step);
        stage.endure(MEETING);
    }
}
