package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All standbys fail while the primary lives. Strict and quorum durability let commits wait rather than acknowledge what nobody else
 * has; synchronous and asynchronous durability go on alone, and have it on record that nobody else may be promoted. The standbys
 * return and everything goes on as before.
 */
public final class StandbyLost extends ClusterStory {

    /** The story. */
    public StandbyLost() {
        super("standby-lost", "the standbys are lost under load, and return", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        List<ActiveFault> lost = new ArrayList<>();
        for (String standby : others(stage, primary.member())) {
            lost.add(stage.inject(new Fault.KillHost(Target.named(standby))));
        }
        stage.endure(Duration.ofSeconds(4));
        stage.phase("the standbys return");
        for (ActiveFault one : lost) {
            stage.heal(one);
        }
        end(stage);
    }
}
