package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary's machine is cut off from its peers, from the arbiter and from the clients, and nothing on it fails. It must stop
 * taking writes before its lease ends; the standby takes over after that. When the cut heals, the old primary has WAL that
 * nobody else has, and gives it up.
 */
public final class IsolatedPrimary extends ClusterStory {

    /** The story. */
    public IsolatedPrimary() {
        super("isolated-primary", "the primary is cut off from everybody, lives on, and comes back", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault cut = stage.inject(new PartitionFault.Isolate(Target.primary()));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.phase("the cut heals");
        stage.heal(cut);
        end(stage);
    }
}
