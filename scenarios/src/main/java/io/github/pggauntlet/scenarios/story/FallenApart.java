package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.PartitionFault.Shape;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;

/**
 * The machines fall apart: into halves, with a bridge between them, or into a ring (from four machines on). Each group could
 * think the other dead. Only one may have a primary, at every moment.
 */
public final class FallenApart extends ClusterStory {

    /** The story. */
    public FallenApart() {
        super("fallen-apart", "the machines fall apart into groups; arbiter and clients reach all of them", 3);
    }

    @Override
    public void play(Stage stage) throws InterruptedException {

        NodeStatus primary = begin(stage);
        Shape shape = stage.members().size() > 3 ? Shape.RING : Shape.BRIDGE;
        ActiveFault halves = stage.inject(new PartitionFault.Split(Shape.HALVES));
        stage.endure(Duration.ofSeconds(5));
        stage.heal(halves);
        stage.awaitWhole(LIMIT);
        stage.phase("after halves of which " + primary.member() + " had one");
        ActiveFault other = stage.inject(new PartitionFault.Split(shape));
        stage.endure(Duration.ofSeconds(5));
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.heal(other);
        end(stage);
    }
}
