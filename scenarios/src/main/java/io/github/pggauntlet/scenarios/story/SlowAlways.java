package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.LinkFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The links by which the members stream from each other are slow and jittery all the time, and primaries crash. Nobody may take slow
 * for dead, and nothing that was acknowledged may have been on its way only.
 */
public final class SlowAlways extends ClusterStory {

    /** The story. */
    public SlowAlways() {
        super("slow-always", "all links between machines are slow and jittery while primaries crash", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        begin(stage);
        List<ActiveFault> slow = new ArrayList<>();
        for (String from : stage.members()) {
            for (String to : others(stage, from)) {
                slow.add(stage.inject(
                        new LinkFault.JitteryLink(Target.named(from), Target.named(to), Duration.ofMillis(40))));
            }
        }
        for (int i = 1; i <= 2; i++) {
            NodeStatus primary = stage.awaitPrimary(LIMIT);
            stage.phase("crash " + i + " of 2: " + primary.member());
            ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
            stage.awaitTakeover(primary.member(), LIMIT);
            stage.heal(crash);
            stage.awaitWhole(LIMIT);
            stage.awaitAcknowledged(SOME, LIMIT);
        }
        for (ActiveFault one : slow) {
            stage.heal(one);
        }
        end(stage);
    }
}
