package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.DiskFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary's kept WAL disappears, then its PostgreSQL crashes. pg_rewind cannot find the point where histories parted; the member
 * must notice that it cannot be rewound, and copy everything anew rather than try for ever.
 */
public final class WalGone extends ClusterStory {

    /** The story. */
    public WalGone() {
        super("wal-gone", "the WAL that the old primary would need to be rewound is gone", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault gone = stage.inject(new DiskFault.RemoveWal(Target.primary()));
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(crash);
        stage.heal(gone);
        end(stage);
    }
}
