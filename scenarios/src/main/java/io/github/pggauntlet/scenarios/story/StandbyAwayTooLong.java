package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.DiskFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The standby's machine is away. Meanwhile the WAL that it would need disappears from the primary. When it returns it is told that
 * the segment has been removed; it must copy everything anew rather than ask for ever.
 */
public final class StandbyAwayTooLong extends ClusterStory {

    /** The story. */
    public StandbyAwayTooLong() {
        super("standby-away-too-long", "a standby returns when the WAL it would need is gone", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault away = stage.inject(new Fault.KillHost(Target.named(standby)));
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault gone = stage.inject(new DiskFault.RemoveWal(Target.named(primary.member())));
        stage.heal(away);
        stage.heal(gone);
        end(stage);
    }
}
