package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import java.time.Duration;

/**
 * Address and mastership come apart, in both directions. The machine that is master has the address no more: it has to put it
 * back, or no client gets through. A machine that is not master has it: it has to take it down, or some clients reach a standby.
 */
public final class AddressAstray extends AddressStory {

    /** The story. */
    public AddressAstray() {
        super("address-astray", "the master loses the address, and then the other machine has it too");
    }

    @Override
    void trouble(Stage stage, String primary, String standby, Duration time) throws InterruptedException {
        ActiveFault taken = stage.inject(new AddressFault.TakeAddress(Target.named(primary)));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(taken);
        stage.phase("the master has it again");
        ActiveFault stray = stage.inject(new AddressFault.StrayAddress(Target.named(standby)));
        stage.endure(time);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(stray);
    }
}
