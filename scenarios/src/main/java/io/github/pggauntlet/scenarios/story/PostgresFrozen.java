package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * Every process of the primary's PostgreSQL is frozen with SIGSTOP. The agent renews its lease and the machine is well, but no
 * write gets through: a primary that answers nothing is no primary, and must make way.
 */
public final class PostgresFrozen extends ClusterStory {

    /** The story. */
    public PostgresFrozen() {
        super("postgres-frozen", "the primary's PostgreSQL stands still, its agent does not", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault frozen = stage.inject(new ProcessFault.FreezeProcess(Target.primary(), Kind.POSTGRES));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(frozen);
        end(stage);
    }
}
