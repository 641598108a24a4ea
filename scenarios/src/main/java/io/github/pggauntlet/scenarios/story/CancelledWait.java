package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.harness.run.StoryStuck;
import io.github.pggauntlet.strategy.NodeStatus;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The standby cannot be reached and commits wait for it. Their waits are cancelled: PostgreSQL then answers with success and a warning
 * (SQLSTATE 01000), though the commit is nowhere else. The primary fails at once. Such a write was never acknowledged, whatever the
 * command tag said.
 */
public final class CancelledWait extends ClusterStory {

    /** The story. */
    public CancelledWait() {
        super("cancelled-wait", "clients cancel commits that wait for a standby, then the primary fails", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault cut =
                stage.inject(new PartitionFault.CutBetween(Target.named(primary.member()), Target.named(standby)));
        for (int i = 0; i < 5; i++) {
            cancelWaits(stage, primary.member());
            stage.endure(Duration.ofMillis(100));
        }
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
        stage.endure(Duration.ofSeconds(5));
        stage.heal(cut);
        stage.heal(crash);
        end(stage);
    }

    private static void cancelWaits(Stage stage, String member) throws InterruptedException {
        try {
            stage.sql(
                    member,
                    "select count(pg_cancel_backend(pid)) from pg_stat_activity"
                            + " where usename = current_user and wait_event = 'SyncRep'");
        } catch (SQLException e) {
            throw new StoryStuck("The waits could not be cancelled: " + e.getMessage());
        }
    }
}
