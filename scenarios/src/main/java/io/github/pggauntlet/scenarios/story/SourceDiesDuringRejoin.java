package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * A standby has taken over and the old primary is on its way back: it is being rewound, or copied, from the new primary, which then
 * crashes. Whoever has everything that was acknowledged must be primary next; the one that was on its way back has not.
 */
public final class SourceDiesDuringRejoin extends ClusterStory {

    /** The story. */
    public SourceDiesDuringRejoin() {
        super("source-dies-during-rejoin", "the new primary crashes while the old one is coming back from it", 2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault crash = stage.inject(new Fault.KillHost(Target.primary()));
        NodeStatus next = stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(crash);
        awaitMember(
                stage,
                primary.member(),
                "on its way back",
                status -> status.role() == NodeRole.REJOINING || status.role() == NodeRole.STANDBY);
        ActiveFault source = stage.inject(new Fault.KillPostmaster(Target.named(next.member())));
        stage.heal(source);
        end(stage);
    }
}
