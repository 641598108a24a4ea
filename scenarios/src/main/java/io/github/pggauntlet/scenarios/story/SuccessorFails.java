package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * The primary's machine fails, the standby takes over and writes alone, and fails too. The first is back first. It was a primary and has
 * everything of its own time, but nothing of its successor's: it must wait.
 */
public final class SuccessorFails extends ClusterStory {

    /** The story. */
    public SuccessorFails() {
        super("successor-fails", "the successor writes alone and fails; the one it succeeded is back first", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus first = begin(stage);
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.named(first.member())));
        NodeStatus successor = stage.awaitTakeover(first.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault other = stage.inject(new Fault.KillHost(Target.named(successor.member())));
        stage.phase(first.member() + " returns alone");
        stage.heal(crash);
        stage.endure(Duration.ofSeconds(8));
        stage.phase(successor.member() + " returns");
        stage.heal(other);
        end(stage);
    }
}
