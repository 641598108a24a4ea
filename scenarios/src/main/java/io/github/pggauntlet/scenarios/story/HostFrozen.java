package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.HostFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary's machine stands still as a whole, agent, watchdog and PostgreSQL alike, for longer than its lease. The standby
 * takes over. Then the machine wakes in the belief that it is primary, with clients' connections open and commits half done.
 */
public final class HostFrozen extends ClusterStory {

    /** The story. */
    public HostFrozen() {
        super("host-frozen", "the primary's machine stands still for longer than its lease, and wakes", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault frozen = stage.inject(new HostFault.FreezeHost(Target.primary()));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.phase(primary.member() + " wakes");
        stage.heal(frozen);
        end(stage);
    }
}
