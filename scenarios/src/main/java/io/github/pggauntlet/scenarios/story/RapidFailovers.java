package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * As soon as there is a primary that takes writes, its PostgreSQL is killed, six times. The other member may still be on its way back,
 * or has just been counted as one to be waited for. Whoever is promoted must have everything.
 */
public final class RapidFailovers extends ClusterStory {

    /** The story. */
    public RapidFailovers() {
        super("rapid-failovers", "primaries crash one after the other, without time to recover", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        begin(stage);
        for (int i = 1; i <= 6; i++) {
            NodeStatus primary = stage.awaitPrimary(LIMIT);
            stage.phase("crash " + i + " of 6: " + primary.member());
            ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
            stage.heal(crash);
            stage.awaitAcknowledged(10, LIMIT);
        }
        end(stage);
    }
}
