package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * Primary and standby do not reach each other any more; the arbiter and the clients reach both. The standby must not take the
 * primary for dead. The primary either goes on alone, on record, or lets commits wait, as its durability says. When the cut
 * heals the standby catches up.
 */
public final class StandbyCutOff extends ClusterStory {

    /** The story. */
    public StandbyCutOff() {
        super("standby-cut-off", "primary and standby lose each other, and both still reach the arbiter", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault cut =
                stage.inject(new PartitionFault.CutBetween(Target.named(primary.member()), Target.named(standby)));
        stage.endure(Duration.ofSeconds(8));
        stage.heal(cut);
        end(stage);
    }
}
