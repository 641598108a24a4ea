package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.LinkFault;
import io.github.pggauntlet.harness.fault.ProcessFault;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;

/**
 * The standby's WAL receiver stands still until the primary goes on alone; then it goes on, over a link that is narrow: it streams, and is
 * behind by what the buffers on the way hold. As soon as it counts as one that may be promoted, the primary fails. It must have
 * everything by then that the primary acknowledged alone.
 */
public final class StandbyJustBack extends ClusterStory {

    private static final int KILOBYTES = 200;

    /** So many are more than a second's worth of such a link. */
    private static final int WRITES_ALONE = 1500;

    /** The story. */
    public StandbyJustBack() {
        super(
                "standby-just-back",
                "over a narrow link a standby comes back, and the primary fails as soon as the standby counts again",
                2);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        ActiveFault frozen = stage.inject(new ProcessFault.FreezeProcess(Target.named(standby), Kind.WAL_RECEIVER));
        awaitPromotable(stage, 1);
        stage.awaitAcknowledged(WRITES_ALONE, LIMIT);
        ActiveFault narrow = stage.inject(
                new LinkFault.NarrowLink(Target.named(standby), Target.named(primary.member()), KILOBYTES));
        stage.heal(frozen);
        awaitPromotable(stage, 2);
        ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(primary.member())));
        stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(narrow);
        stage.heal(crash);
        end(stage);
    }
}
