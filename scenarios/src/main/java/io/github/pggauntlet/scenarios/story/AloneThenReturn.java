package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * The standby fails; the primary goes on alone and acknowledges writes that nobody else has; then it fails too. The standby is the
 * first to return: it looks like a perfect candidate, and must not be promoted. It waits for the one that has everything.
 */
public final class AloneThenReturn extends ClusterStory {

    /** The story. */
    public AloneThenReturn() {
        super(
                "alone-then-return",
                "the standby fails, the primary writes alone and fails, the standby returns alone",
                2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault away = stage.inject(new Fault.KillHost(Target.named(standby)));
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        stage.phase(standby + " returns alone");
        stage.heal(away);
        stage.endure(Duration.ofSeconds(8));
        stage.phase(primary.member() + " returns");
        stage.heal(crash);
        end(stage);
    }
}
