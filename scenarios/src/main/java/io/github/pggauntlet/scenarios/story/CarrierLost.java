package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import java.time.Duration;

/**
 * The network link of the primary's machine is lost, as when its cable is pulled. The machine knows it: ucarp gives the address
 * up, PostgreSQL must end, and the standby takes over.
 */
public final class CarrierLost extends AddressStory {

    /** The story. */
    public CarrierLost() {
        super("carrier-lost", "the network link of the primary's machine is lost, and comes back");
    }

    @Override
    void trouble(Stage stage, String primary, String standby, Duration time) throws InterruptedException {
        ActiveFault lost = stage.inject(new AddressFault.LoseCarrier(Target.named(primary)));
        stage.awaitTakeover(primary, LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.phase(primary + "'s link comes back");
        stage.heal(lost);
        stage.endure(MEETING);
    }
}
