package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;

/**
 * A single backend is killed with SIGKILL, as the kernel does when memory is short. PostgreSQL cannot trust its shared memory after that
 * and ends; it may not restart by itself, because that would make commits visible that still wait for a standby.
 */
public final class BackendCrash extends ClusterStory {

    /** The story. */
    public BackendCrash() {
        super("backend-crash", "one backend of the primary is killed", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        begin(stage);
        ActiveFault killed = stage.inject(new ProcessFault.KillProcess(Target.primary(), Kind.BACKEND));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(killed);
        end(stage);
    }
}
