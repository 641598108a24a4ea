package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.HostFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;

/**
 * The primary's machine loses its power and boots at once: it is back while its own lease still runs, or while the standby is
 * being promoted. It must not serve clients again by the right it had before.
 */
public final class OldPrimaryReturnsEarly extends ClusterStory {

    /** The story. */
    public OldPrimaryReturnsEarly() {
        super("old-primary-returns-early", "the primary's machine boots again before anybody has taken over", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        begin(stage);
        ActiveFault boot = stage.inject(new HostFault.RestartHost(Target.primary()));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(boot);
        end(stage);
    }
}
