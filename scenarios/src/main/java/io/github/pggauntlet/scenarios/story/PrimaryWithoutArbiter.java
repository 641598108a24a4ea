package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.PartitionFault.Neighbour;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.Set;

/**
 * Only the link between the primary and the arbiter is cut. Clients still reach the primary and the standby still streams from
 * it, so everything looks well from where they stand; but it cannot renew its lease and must step aside, and the standby, which
 * has the arbiter, takes over.
 */
public final class PrimaryWithoutArbiter extends ClusterStory {

    /** The story. */
    public PrimaryWithoutArbiter() {
        super("primary-without-arbiter", "the primary alone loses the arbiter; clients and standby still reach it", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault cut = stage.inject(new PartitionFault.Isolate(Target.primary(), Set.of(Neighbour.ARBITER)));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(cut);
        end(stage);
    }
}
