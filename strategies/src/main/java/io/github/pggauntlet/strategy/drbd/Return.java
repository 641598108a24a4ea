package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine's way back to be the other one's equal, from the moment it has ceased to be primary, or has started. It is by
 * {@value #RESYNC} where the two had lost each other, and by {@value #IN_STEP} where they had not. Used by one thread, but for
 * {@link #isOver}.
 */
final class Return {

    /** DRBD has copied what was written meanwhile. */
    static final String RESYNC = "resync";

    /** The connection was never lost, and there was nothing to copy. */
    static final String IN_STEP = "in-step";

    private static final int MOST_WORDS = 160;

    private final Kernel kernel;
    private final DiskJournal journal;
    private final Neighbour neighbour;

    private volatile boolean pending;
    private boolean planned;
    private int before;
    private String way = "";

    /** Asks the other machine's agent what it is. */
    @FunctionalInterface
    interface Neighbour {
        Optional<NodeStatus> ask() throws InterruptedException;
    }

    Return(Kernel kernel, DiskJournal journal, Neighbour neighbour) {
        this.kernel = kernel;
        this.journal = journal;
        this.neighbour = neighbour;
    }

    /** It begins here. Called before DRBD may look for the other machine. */
    void begin() throws InterruptedException {
        pending = true;
        planned = false;
        before = kernel.resyncs().size();
    }

    /** There is none: the machine has become primary. */
    void over() {
        pending = false;
    }

    /** Whether there is none under way; may be asked by any thread. */
    boolean isOver() {
        return !pending;
    }

    /** One look, while the machine is secondary. */
    void look(DrbdStatus disk) throws InterruptedException {
        if (!pending) {
            return;
        }
        if (!planned) {
            planned = true;
            way = disk.connection().hearsPeer() && DrbdRules.whole(disk) ? IN_STEP : RESYNC;
            journal.add(
                    Milestone.REJOIN_PLANNED,
                    Map.of(
                            "way",
                            way,
                            "reason",
                            way.equals(IN_STEP)
                                    ? "both disks are up to date and connected"
                                    : "the two do not have the same, or do not hear each other: " + disk));
        }
        if (!DrbdRules.whole(disk) || disk.peerRole() != Role.PRIMARY) {
            return;
        }
        Optional<NodeStatus> leader = neighbour
                .ask()
                .filter(status -> status.open() && status.timeline().isPresent());
        if (leader.isEmpty()) {
            throw new HaException("The disks are alike, but the other machine's agent does not say that it leads.");
        }
        List<String> resyncs = kernel.resyncs();
        String last = resyncs.isEmpty() ? "" : resyncs.get(resyncs.size() - 1);
        journal.add(
                Milestone.REJOINED,
                Map.of(
                        "way",
                        way,
                        "timeline",
                        Integer.toString(leader.get().timeline().getAsInt()),
                        "evidence",
                        resyncs.size() > before
                                ? RESYNC + ": the kernel says: "
                                        + last.substring(0, Math.min(last.length(), MOST_WORDS))
                                : IN_STEP + ": the kernel tells of no resync since"));
        pending = false;
    }
}
