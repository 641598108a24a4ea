package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.AddressFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Two machines with one disk do not hear each other, and without fencing both go on. When they hear each other again neither
 * takes over what the other has written: an operator has to say whose writes are to go. For strategies that promise nothing of
 * a partition; others never get to the second primary, and the story is stuck.
 */
public final class SplitBrain extends ClusterStory {

    /** Until DRBD has missed the other machine, ucarp too, and PostgreSQL has recovered on it. */
    private static final Duration BOTH = Duration.ofSeconds(90);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int MOST_LOOKS = 90;

    /** What DRBD says of a connection that it has given up. */
    private static final String ALARM = "StandAlone";

    /** The story. */
    public SplitBrain() {
        super(
                "split-brain",
                "for two machines with one disk and no fencing: both go on alone, and an operator has one give up",
                2);
    }

    @Override
    public void validate(Map<String, String> parameters, int given) {
        if (given != 2) {
            throw new IllegalArgumentException("The story 'split-brain' is one of two machines, not " + given + ".");
        }
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        NodeStatus first = begin(stage);
        String preferred = stage.members().get(0);
        if (first.member().equals(preferred)) {
            // It advertises more often, and will be master when the two hear each other again: the clients' writes
            // shall be
            // the other one's.
            stage.phase(preferred + " hands over");
            ActiveFault crash = stage.inject(new Fault.KillPostmaster(Target.named(preferred)));
            stage.awaitTakeover(preferred, LIMIT);
            stage.heal(crash);
            stage.awaitWhole(LIMIT);
            stage.awaitAcknowledged(SOME, LIMIT);
        }
        String primary = stage.awaitPrimary(LIMIT).member();
        String other = others(stage, primary).get(0);
        stage.phase("the two do not hear each other");
        ActiveFault parted = stage.inject(new AddressFault.PartMachines(Target.named(primary), Target.named(other)));
        stage.await(
                "both machines to be open primaries",
                BOTH,
                statuses -> open(statuses).size() == 2);
        stage.awaitAcknowledged(SOME, LIMIT);
        stage.phase("the two hear each other again");
        stage.heal(parted);
        // A wait that sees two primaries for some seconds is given up; here they are what the story is about.
        for (int looks = 0; looks < MOST_LOOKS && open(stage.look()).size() == 2; looks++) {
            stage.endure(BETWEEN_LOOKS);
        }
        stage.await(
                "one of them to give way",
                BOTH,
                statuses -> open(statuses).size() == 1
                        && statuses.stream().anyMatch(status -> status.role() == NodeRole.STANDBY));
        stage.await(
                "an alarm of StandAlone",
                BOTH,
                statuses -> statuses.stream().anyMatch(status -> status.note().contains(ALARM)));
        String left = open(stage.look()).stream().findFirst().orElse(other);
        String loser = others(stage, left).get(0);
        stage.phase(loser + " gives up what it has written");
        stage.giveUp(loser);
        end(stage);
    }

    private static List<String> open(List<NodeStatus> statuses) {
        return statuses.stream()
                .filter(status -> status.role() == NodeRole.PRIMARY && status.open())
                .map(NodeStatus::member)
                .toList();
    }
}
