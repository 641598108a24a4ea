package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.LinkFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * The standby receives almost nothing for a while, so that it lags behind by more than a failover may lose. Then the primary's machine
 * fails. With asynchronous durability the standby must not be promoted; the cluster waits for the one that has everything.
 */
public final class LaggingStandby extends ClusterStory {

    /** The story. */
    public LaggingStandby() {
        super("lagging-standby", "the standby lags behind by more than is promised when the primary fails", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault cut = stage.inject(new LinkFault.CutLink(Target.named(standby), Target.named(primary.member())));
        stage.endure(Duration.ofSeconds(7));
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        stage.endure(Duration.ofSeconds(6));
        stage.heal(cut);
        stage.heal(crash);
        end(stage);
    }
}
