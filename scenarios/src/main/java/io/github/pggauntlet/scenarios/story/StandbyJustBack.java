package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * The standby loses the primary for a moment, over a link that is slow: the primary goes on alone, the standby comes back and is behind
 * by what the link holds. As soon as it counts as one that may be promoted, the primary fails. It must have everything by then that
 * the primary acknowledged alone.
 */
public final class StandbyJustBack extends ClusterStory {

    private static final Duration LATENCY = Duration.ofMillis(500);

    /** The story. */
    public StandbyJustBack() {
        super(
                "standby-just-back",
                "over a slow link a standby comes back, and the primary fails as soon as the standby counts again",
                2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault slow =
                stage.inject(new Fault.SlowLink(Target.named(standby), Target.named(primary.member()), LATENCY));
        stage.inject(new ProcessFault.KillProcess(Target.named(standby), Kind.WAL_RECEIVER));
        awaitPromotable(stage, 1);
        awaitPromotable(stage, 2);
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(slow);
        stage.heal(crash);
        end(stage);
    }
}
