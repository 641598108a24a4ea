package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * As for an update of the operating system: each machine in turn is shut down in good order and started again, standbys first and the
 * primary last. A standby's shutdown must not cost a failover.
 */
public final class RollingRestart extends ClusterStory {

    /** The story. */
    public RollingRestart() {
        super("rolling-restart", "every machine is shut down and started again, one after the other", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        List<String> order = new ArrayList<>(others(stage, primary.member()));
        order.add(primary.member());
        for (String member : order) {
            stage.phase(member + " is shut down and started again");
            ActiveFault stop = stage.inject(new Fault.StopHost(Target.named(member)));
            stage.awaitAcknowledged(SOME, LIMIT);
            stage.heal(stop);
            stage.awaitWhole(LIMIT);
        }
        end(stage);
    }
}
