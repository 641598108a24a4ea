package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The primary's machine fails, a standby takes over and is redundant again with the third; then it fails too, and the third takes over.
 * The two come back, the last that failed first, and later the first that failed first.
 */
public final class TwoFailures extends ClusterStory {

    /** The story. */
    public TwoFailures() {
        super("two-failures", "a second primary fails before the first is back; they return in either order", 3);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        begin(stage);
        twice(stage, true);
        stage.awaitWhole(LIMIT);
        twice(stage, false);
        end(stage);
    }

    private static void twice(Stage stage, boolean lastFirst) throws InterruptedException {
        NodeStatus primary = stage.awaitPrimary(LIMIT);
        ActiveFault first = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        NodeStatus second = stage.awaitTakeover(primary.member(), LIMIT);
        awaitPromotable(stage, 2);
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault other = stage.inject(new Fault.KillHost(Target.named(second.member())));
        stage.awaitTakeover(second.member(), LIMIT);
        stage.phase(lastFirst ? "the last that failed returns first" : "the first that failed returns first");
        stage.heal(lastFirst ? other : first);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(lastFirst ? first : other);
    }
}
