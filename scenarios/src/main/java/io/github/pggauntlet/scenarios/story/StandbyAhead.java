package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.List;

/**
 * One standby falls behind because its WAL receiver stands still. The other standby, which has everything, fails; then the primary
 * fails. If the one that lags may be promoted and is, whatever the other standby has beyond that point is of a history that is no
 * more, and it must give it up when it returns. If it may not, it must wait for one that has everything.
 */
public final class StandbyAhead extends ClusterStory {

    /** The story. */
    public StandbyAhead() {
        super("standby-ahead", "a standby that was not elected has come farther than the new primary", 3);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        List<String> standbys = others(stage, primary.member());
        ActiveFault behind =
                stage.inject(new ProcessFault.FreezeProcess(Target.named(standbys.get(0)), Kind.WAL_RECEIVER));
        stage.awaitAcknowledged(SOME / 10, LIMIT);
        ActiveFault ahead = stage.inject(new Fault.KillHost(Target.named(standbys.get(1))));
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        stage.heal(behind);
        stage.endure(Duration.ofSeconds(5));
        stage.phase("both come back");
        stage.heal(ahead);
        stage.heal(crash);
        end(stage);
    }
}
