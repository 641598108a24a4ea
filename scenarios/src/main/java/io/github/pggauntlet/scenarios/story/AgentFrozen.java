package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary's agent is frozen with SIGSTOP for longer than its lease while its postmaster runs on and serves clients. It
 * cannot renew, and it cannot fence either: something beside it must. The standby takes over when the lease has ended; the
 * agent wakes and finds itself deposed.
 */
public final class AgentFrozen extends ClusterStory {

    /** The story. */
    public AgentFrozen() {
        super("agent-frozen", "the primary's agent stands still for longer than its lease, PostgreSQL does not", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault frozen = stage.inject(new ProcessFault.FreezeProcess(Target.primary(), Kind.AGENT));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.phase(primary.member() + "'s agent wakes");
        stage.heal(frozen);
        end(stage);
    }
}
