package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.ArbiterFault;
import io.github.pggauntlet.harness.run.Stage;
import java.time.Duration;

/**
 * The arbiter is killed. Nobody can renew and nobody can win a lease: writes must stop rather than go on without proof that
 * nobody else writes. When the arbiter is back, with its disk, somebody is primary again.
 */
public final class ArbiterDown extends ClusterStory {

    /** The story. */
    public ArbiterDown() {
        super("arbiter-down", "the arbiter is gone for longer than a lease, and comes back", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        begin(stage);
        ActiveFault down = stage.inject(new ArbiterFault.KillArbiters(1));
        awaitNoPrimary(stage);
        stage.endure(Duration.ofSeconds(4));
        stage.phase("the arbiter returns");
        stage.heal(down);
        end(stage);
    }
}
