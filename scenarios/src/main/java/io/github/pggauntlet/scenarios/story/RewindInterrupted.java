package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary crashes with its machine and a standby takes over. The old primary returns and begins to be rewound; in the midst of it
 * its machine dies again. What is left on its disk is neither its old state nor a new one, and must never be started.
 */
public final class RewindInterrupted extends ClusterStory {

    /** The story. */
    public RewindInterrupted() {
        super("rewind-interrupted", "the old primary's machine dies while it is being rewound", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.primary()));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(crash);
        awaitMember(
                stage,
                primary.member(),
                "on its way back",
                status -> status.role() == NodeRole.REJOINING || status.role() == NodeRole.STANDBY);
        stage.phase(primary.member() + " dies on its way back");
        ActiveFault again = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(again);
        end(stage);
    }
}
