package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import java.time.Duration;

/**
 * The primary's machine dies, and the up-script of the other one takes longer than ucarp's dead time. ucarp advertises nothing
 * while it waits for its script, so the first machine, back meanwhile, hears nobody and becomes master too: two masters, of
 * whom one at most may become primary.
 */
public final class SlowUpScript extends AddressStory {

    /** The story. */
    public SlowUpScript() {
        super("slow-up-script", "a machine takes over with an up-script slower than the time until it counts as dead");
    }

    @Override
    void trouble(Stage stage, String primary, String standby, Duration time) throws InterruptedException {
        ActiveFault slow = stage.inject(new AddressFault.SlowUpScript(Target.named(standby), time));
        ActiveFault killed = stage.inject(new Fault.KillHost(Target.named(primary)));
        // Back at once: it has to listen in vain while the other one's script runs.
        stage.heal(killed);
        stage.phase(primary + " is back");
        stage.endure(time);
        stage.awaitPrimary(LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(slow);
        stage.endure(MEETING);
    }
}
