package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.decision.RejoinPlanner.LocalData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.PrimaryData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Trials;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.ControlData.State;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import io.github.pggauntlet.strategy.postgres.TimelineHistory.Switch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A world of servers that write, copy from each other, are promoted and end, in which every record is an object of its own.
 * Whether one server's data is a prefix of another's is then a question of comparing lists of objects; positions, timelines
 * and histories, by which the planner must judge, play no part in the answer.
 */
final class WalWorld {

    private static final int SYSTEM = 7;

    /** A record of WAL. Equal only to itself. */
    private static final class WalRecord {
        private final long start;
        private final long end;
        private final int timeline;

        WalRecord(long start, long end, int timeline) {
            this.start = start;
            this.end = end;
            this.timeline = timeline;
        }
    }

    /** How a server ended. */
    enum End {
        RUNNING,
        CRASHED,
        SHUT_DOWN
    }

    /** A server: its WAL, and what it is. */
    final class Node {
        private final List<WalRecord> wal = new ArrayList<>();
        private final List<Switch> switches = new ArrayList<>();
        private int timeline = 1;
        private boolean primary;
        private End end = End.RUNNING;

        boolean isEmpty() {
            return wal.isEmpty();
        }

        boolean wasPrimary() {
            return primary;
        }

        End end() {
            return end;
        }

        private long position() {
            return wal.isEmpty() ? 0x1000 : wal.get(wal.size() - 1).end;
        }

        private TimelineHistory history() {
            return new TimelineHistory(timeline, switches);
        }

        private void write() {
            long start = position();
            wal.add(new WalRecord(start, start + 8L * (1 + random.nextInt(20)), timeline));
        }

        /** Receives from another server, whose WAL continues this one's, up to a number of records. */
        private void receive(Node from, int upTo) {
            for (int i = wal.size(); i < upTo; i++) {
                WalRecord record = from.wal.get(i);
                wal.add(record);
                while (timeline < record.timeline) {
                    int left = timeline;
                    int at = switches.size();
                    Switch next = from.switches.get(at);
                    switches.add(next);
                    timeline = at + 1 < from.switches.size()
                            ? from.switches.get(at + 1).timeline()
                            : from.timeline;
                    if (next.timeline() != left) {
                        throw new IllegalStateException("received what does not continue");
                    }
                }
            }
        }

        private void copyOf(Node other, int upTo) {
            wal.clear();
            switches.clear();
            timeline = 1;
            receive(other, upTo);
            primary = false;
            end = End.RUNNING;
        }

        private void promote(int newTimeline) {
            switches.add(new Switch(timeline, new Lsn(position())));
            timeline = newTimeline;
            primary = true;
            // The end-of-recovery record.
            write();
        }

        private boolean isPrefixOf(Node other) {
            return wal.size() <= other.wal.size() && wal.equals(other.wal.subList(0, wal.size()));
        }
    }

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private Node primary;

    /**
     * Which timelines were begun where. Two servers that begin a timeline of one number at one position, with one ancestry,
     * leave histories that are equal letter by letter; no reader of histories can tell them apart. This world has none.
     */
    private final Set<List<Object>> begun = new HashSet<>();

    WalWorld(long seed, int servers, int events) {
        random = new Random(seed);
        for (int i = 0; i < servers; i++) {
            nodes.add(new Node());
        }
        primary = nodes.get(0);
        primary.primary = true;
        primary.write();
        for (int i = 0; i < events; i++) {
            event();
        }
    }

    private void event() {
        Node node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> primary.write();
            case 3, 4 -> stream(node);
            case 5 -> {
                if (node != primary && node.end == End.RUNNING) {
                    node.end = random.nextBoolean() ? End.CRASHED : End.SHUT_DOWN;
                }
            }
            case 6 -> failOver();
            default -> {
                // A server returns, somehow, as a standby of the primary.
                if (node != primary && node.end != End.RUNNING && random.nextBoolean()) {
                    node.copyOf(primary, random.nextInt(primary.wal.size() + 1));
                }
            }
        }
    }

    private void stream(Node node) {
        if (node != primary && node.end == End.RUNNING && node.isPrefixOf(primary)) {
            int missing = primary.wal.size() - node.wal.size();
            node.receive(primary, node.wal.size() + random.nextInt(missing + 1));
        }
    }

    private void failOver() {
        List<Node> candidates = nodes.stream()
                .filter(node -> node != primary && !node.primary && node.end == End.RUNNING)
                .toList();
        if (candidates.isEmpty()) {
            return;
        }
        Node next = candidates.get(random.nextInt(candidates.size()));
        if (random.nextBoolean()) {
            // In good order: the shutdown checkpoint is the last record, and standbys get it, or some of them.
            primary.write();
            primary.end = End.SHUT_DOWN;
            if (random.nextInt(3) > 0 && next.isPrefixOf(primary)) {
                next.receive(primary, primary.wal.size());
            }
        } else {
            primary.end = End.CRASHED;
        }
        // A server chooses the number after the highest that it knows of; two that know little may choose the same.
        int number = next.timeline + 1 + (random.nextInt(4) == 0 ? 1 : 0);
        while (!begun.add(List.of(number, next.position(), next.history()))) {
            number++;
        }
        next.promote(number);
        primary = next;
        int more = random.nextInt(4);
        for (int i = 0; i < more; i++) {
            primary.write();
        }
    }

    /** The servers that are down, or were standbys and can be taken down. */
    List<Node> returning() {
        return nodes.stream().filter(node -> node != primary).toList();
    }

    /** The truth. */
    boolean holdsOnlyWhatThePrimaryHas(Node node) {
        return node.isPrefixOf(primary);
    }

    boolean sameNumberOtherHistory(Node node) {
        return node.timeline == primary.timeline && !node.switches.equals(primary.switches);
    }

    /** Whether all that a former primary wrote is in the new one, and nothing that others wrote is behind it. */
    boolean endsAtTheFork(Node node) {
        return node.isPrefixOf(primary)
                && primary.wal.size() > node.wal.size()
                && primary.wal.get(node.wal.size()).timeline != node.timeline;
    }

    PrimaryData primaryData(boolean rewindReady) {
        return new PrimaryData(Integer.toString(SYSTEM), primary.history(), rewindReady, Optional.empty());
    }

    /** What a returning server would know of itself, its control file somewhere behind its WAL. */
    LocalData localData(Node node, boolean rewindable, boolean interrupted, int failedRewinds) {
        int last = node.wal.size() - 1;
        if (last < 0) {
            throw new IllegalArgumentException("an empty server knows nothing");
        }
        boolean clean = node.end == End.SHUT_DOWN;
        int checkpoint = node.primary && clean ? last : random.nextInt(last + 1);
        WalRecord checkpointRecord = node.wal.get(checkpoint);
        int reached = checkpoint + random.nextInt(last - checkpoint + 1);
        State state;
        Lsn recoveryEnd = Lsn.INVALID;
        int recoveryTimeline = 0;
        if (!node.primary) {
            state = clean ? State.SHUT_DOWN_IN_RECOVERY : State.IN_ARCHIVE_RECOVERY;
            recoveryEnd = new Lsn(node.wal.get(reached).end);
            recoveryTimeline = node.wal.get(reached).timeline;
        } else if (clean) {
            state = State.SHUT_DOWN;
        } else {
            state = random.nextBoolean() ? State.IN_PRODUCTION : State.SHUTTING_DOWN;
            if (checkpointRecord.timeline != node.timeline) {
                // Just promoted: only the end-of-recovery record tells the timeline.
                recoveryTimeline = node.timeline;
                recoveryEnd = new Lsn(node.position());
            }
        }
        ControlData control = new ControlData(
                Integer.toString(SYSTEM),
                state,
                new Lsn(checkpointRecord.start),
                checkpointRecord.timeline,
                recoveryEnd,
                recoveryTimeline,
                rewindable,
                false,
                true,
                16 << 20);
        return new LocalData(
                control,
                node.history(),
                state == State.SHUT_DOWN ? Optional.of(new Lsn(node.position())) : Optional.empty(),
                node.primary || node.timeline == primary.timeline
                        ? Optional.empty()
                        : Optional.of(new Lsn(node.position())),
                interrupted,
                new Trials(failedRewinds, 0, 0));
    }
}
