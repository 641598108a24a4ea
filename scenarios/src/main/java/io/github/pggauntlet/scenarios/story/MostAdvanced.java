package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The WAL receiver of one standby stands still while the other keeps up. Then the primary fails: whoever is elected must have all
 * that was acknowledged, whatever its place in the configuration.
 */
public final class MostAdvanced extends ClusterStory {

    /** The story. */
    public MostAdvanced() {
        super("most-advanced", "of two standbys the one that has come farther is elected", 3);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String behind = others(stage, primary.member()).get(0);
        ActiveFault frozen = stage.inject(new ProcessFault.FreezeProcess(Target.named(behind), Kind.WAL_RECEIVER));
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.heal(frozen);
        stage.heal(crash);
        end(stage);
    }
}
