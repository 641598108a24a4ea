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
 * One standby falls behind because its WAL receiver stands still, so shortly that the primary still counts it. Then the machines of all
 * three fail, the primary's first, and the one that is behind returns first. It may be promoted, by the record; but it must hear another,
 * since it cannot know whether it has everything. What its machine had received and not read is gone with the machine.
 */
public final class BehindReturnsFirst extends ClusterStory {

    /** The story. */
    public BehindReturnsFirst() {
        super("behind-returns-first", "all three machines fail, and the standby that was behind returns first", 3);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        List<String> standbys = others(stage, primary.member());
        ActiveFault behind =
                stage.inject(new ProcessFault.FreezeProcess(Target.named(standbys.get(0)), Kind.WAL_RECEIVER));
        stage.awaitAcknowledged(SOME, LIMIT);
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        ActiveFault first = stage.inject(new Fault.KillHost(Target.named(standbys.get(0))));
        ActiveFault second = stage.inject(new Fault.KillHost(Target.named(standbys.get(1))));
        stage.phase(standbys.get(0) + " returns alone");
        stage.heal(first);
        stage.endure(Duration.ofSeconds(9));
        stage.phase("the others return");
        stage.heal(second);
        stage.heal(crash);
        stage.heal(behind);
        end(stage);
    }
}
