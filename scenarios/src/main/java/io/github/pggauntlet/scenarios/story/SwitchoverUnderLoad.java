package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.List;
import java.util.Optional;

/**
 * The operator has the primary's role handed over, again and again, under load. Nothing may be lost and nothing may be in doubt but
 * what was under way. Where there is a choice, the standby that would come last is named and must be the one.
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
            List<String> others = others(stage, primary.member());
            // With two there is no choice; with more the one that would be chosen last is named.
            Optional<String> wanted = others.size() > 1 ? Optional.of(others.get(others.size() - 1)) : Optional.empty();
            stage.phase("switchover " + i + " of 4: from " + primary.member()
                    + wanted.map(member -> " to " + member).orElse(""));
            ActiveFault order = stage.switchover(wanted);
            NodeStatus next = stage.awaitTakeover(primary.member(), LIMIT);
            if (wanted.isPresent()) {
                awaitMember(
                        stage,
                        wanted.get(),
                        "the open primary",
                        status -> status.role() == NodeRole.PRIMARY && status.open());
            }
            stage.heal(order);
            stage.awaitWhole(LIMIT);
            stage.awaitAcknowledged(SOME, LIMIT);
            primary = next;
        }
        end(stage);
    }
}
