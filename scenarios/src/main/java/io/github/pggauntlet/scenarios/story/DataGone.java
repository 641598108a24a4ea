package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.DiskFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * Somebody removes the primary's data directory. The standby takes over; the member without data comes back by a copy. Then the same
 * befalls a standby, which must not cost a failover.
 */
public final class DataGone extends ClusterStory {

    /** The story. */
    public DataGone() {
        super("data-gone", "the data directory of the primary disappears, then that of the standby", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault gone = stage.inject(new DiskFault.RemoveData(Target.primary()));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(gone);
        stage.awaitWhole(LIMIT);
        stage.phase("a standby's data are gone");
        ActiveFault again = stage.inject(new DiskFault.RemoveData(Target.standby()));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(again);
        end(stage);
    }
}
