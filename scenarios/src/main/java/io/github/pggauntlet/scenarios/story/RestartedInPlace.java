package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary's postmaster is killed where the policy is to restart it in place first: the same member must be primary again, on
 * the same timeline and with all that was acknowledged. Then it is killed again, too soon for another restart: a standby must
 * take over.
 */
public final class RestartedInPlace extends ClusterStory {

    /** The story. */
    public RestartedInPlace() {
        super("restarted-in-place", "a crashed primary is restarted in place; crashed again, it makes way", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        NodeStatus primary = begin(stage);
        int timeline = primary.timeline().orElseThrow();
        long postmaster = primary.postmasterPid().orElseThrow();
        stage.phase(primary.member() + "'s PostgreSQL crashes and is to be restarted in place");
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
        awaitMember(
                stage,
                primary.member(),
                "primary again on timeline " + timeline + ", under another postmaster",
                status -> status.role() == NodeRole.PRIMARY
                        && status.open()
                        && status.timeline().orElse(0) == timeline
                        && status.postmasterPid().orElse(postmaster) != postmaster);
        stage.heal(crash);
        stage.awaitAcknowledged(SOME, LIMIT);
        end(stage);
    }
}
