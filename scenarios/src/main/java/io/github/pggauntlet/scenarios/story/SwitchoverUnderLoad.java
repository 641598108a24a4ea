package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.Optional;

/**
 * The operator has the primary's role handed over, again and again, under load. Nothing may be lost and nothing may be in doubt but
 * what was under way.
 */
public final class SwitchoverUnderLoad extends ClusterStory {

    /** The story. */
    public SwitchoverUnderLoad() {
        super("switchover", "the primary's role is handed over under load, there and back", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        for (int i = 1; i <= 4; i++) {
            stage.phase("switchover " + i + " of 4: from " + primary.member());
            ActiveFault order = stage.switchover(Optional.empty());
            NodeStatus next = stage.awaitTakeover(primary.member(), LIMIT);
            stage.heal(order);
            stage.awaitWhole(LIMIT);
            stage.awaitAcknowledged(SOME, LIMIT);
            primary = next;
        }
        end(stage);
    }
}
