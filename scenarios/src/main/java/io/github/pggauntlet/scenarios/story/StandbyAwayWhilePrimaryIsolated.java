package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * The standby is shut down for maintenance, and while it is away the primary is cut off from everybody. Nobody may be primary then. Both
 * come back, in the worst order: the standby first.
 */
public final class StandbyAwayWhilePrimaryIsolated extends ClusterStory {

    /** The story. */
    public StandbyAwayWhilePrimaryIsolated() {
        super(
                "standby-away-while-primary-isolated",
                "the standby is down for maintenance while the primary is cut off",
                2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault away = stage.inject(new Fault.StopHost(Target.named(standby)));
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault cut = stage.inject(new PartitionFault.Isolate(Target.named(primary.member())));
        awaitNoPrimary(stage);
        stage.phase(standby + " returns");
        stage.heal(away);
        stage.endure(Duration.ofSeconds(5));
        stage.heal(cut);
        end(stage);
    }
}
