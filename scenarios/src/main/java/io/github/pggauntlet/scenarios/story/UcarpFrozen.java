package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import java.time.Duration;

/**
 * ucarp alone stands still on the primary's machine, and wakes. It advertises nothing, so the other machine becomes master of
 * the address; the primary, which is well, must not get a second one beside it.
 */
public final class UcarpFrozen extends AddressStory {

    /** The story. */
    public UcarpFrozen() {
        super("ucarp-frozen", "ucarp stands still on the primary's machine, and wakes");
    }

    @Override
    void trouble(Stage stage, String primary, String standby, Duration time) throws InterruptedException {
        ActiveFault frozen = stage.inject(new AddressFault.FreezeUcarp(Target.named(primary)));
        stage.endure(time);
        stage.phase(primary + "'s ucarp wakes");
        stage.heal(frozen);
        stage.endure(MEETING);
    }
}
