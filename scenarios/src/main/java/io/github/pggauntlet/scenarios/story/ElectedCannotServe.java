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
 * The standby's PostgreSQL stands still when the primary's machine fails, so that it can neither be promoted nor say so. The old primary
 * returns; one of the two must become primary, and not both.
 */
public final class ElectedCannotServe extends ClusterStory {

    /** The story. */
    public ElectedCannotServe() {
        super("elected-cannot-serve", "the standby that should take over stands still, and the old primary returns", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault frozen = stage.inject(new ProcessFault.FreezeProcess(Target.named(standby), Kind.POSTGRES));
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.named(primary.member())));
        stage.endure(Duration.ofSeconds(5));
        stage.heal(crash);
        stage.endure(Duration.ofSeconds(2));
        stage.heal(frozen);
        end(stage);
    }
}
