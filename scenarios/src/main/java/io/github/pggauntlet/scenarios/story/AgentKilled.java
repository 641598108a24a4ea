package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary's agent is killed with SIGKILL while its postmaster lives on; whoever starts the agent again must find a
 * PostgreSQL that nobody guards, and must not leave it to itself. Then the same happens to the standby's agent, which must
 * not cost a failover.
 */
public final class AgentKilled extends ClusterStory {

    /** The story. */
    public AgentKilled() {
        super("agent-killed", "the agents are killed, one after the other, while PostgreSQL lives on", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        stage.phase(primary.member() + "'s agent is killed");
        ActiveFault killed = stage.inject(new ProcessFault.KillProcess(Target.named(primary.member()), Kind.AGENT));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(killed);
        stage.awaitWhole(LIMIT);
        stage.phase(standby + "'s agent is killed");
        ActiveFault other = stage.inject(new ProcessFault.KillProcess(Target.named(standby), Kind.AGENT));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(other);
        end(stage);
    }
}
