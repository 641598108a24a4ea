package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * Two of three machines have failed, so that the primary that is left may not acknowledge anything. The first to come back is the old
 * primary, whose WAL has gone another way: it must be rewound from a primary whose commits wait for it, and neither may wait for the
 * other.
 */
public final class OnlySurvivorMustRewind extends ClusterStory {

    /** The story. */
    public OnlySurvivorMustRewind() {
        super("only-survivor-must-rewind", "the only member left to acknowledge is one that must be rewound first", 3);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        ActiveFault first = stage.inject(new Fault.KillHost(Target.primary()));
        NodeStatus next = stage.awaitTakeover(primary.member(), LIMIT);
        stage.awaitAcknowledged(SOME, LIMIT);
        String third = others(stage, primary.member()).stream()
                .filter(member -> !member.equals(next.member()))
                .findFirst()
                .orElseThrow();
        ActiveFault second = stage.inject(new Fault.KillHost(Target.named(third)));
        stage.endure(Duration.ofSeconds(3));
        stage.phase(primary.member() + " returns first");
        stage.heal(first);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(second);
        end(stage);
    }
}
