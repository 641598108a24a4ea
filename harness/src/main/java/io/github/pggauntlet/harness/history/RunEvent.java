package io.github.pggauntlet.harness.history;

import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.util.List;
import java.util.Map;

/** Something that happened during a run and is not a client's operation. */
public sealed interface RunEvent {

    /** When, in nanoseconds since the run's start. */
    long at();

    /**
     * A part of the run begins.
     *
     * @param at when
     * @param name what it is called, for people
     */
    record Phase(long at, String name) implements RunEvent {

        /** What the phase is called in which the story is over and the survivors are looked at. */
        public static final String FINAL_READS = "final reads";
    }

    /**
     * A fault has been made, and seen to have taken effect.
     *
     * @param at when the order for it was given: nothing it caused is earlier
     * @param made when its effect had been seen: it is in effect from here on at the latest
     * @param id its name within the run
     * @param kind what it is, for people, for example {@code postmaster killed}
     * @param faultClass the class for which strategies make promises
     * @param requested the target as the schedule names it, for example {@code primary}
     * @param resolved the member this was at that moment
     * @param evidence how the effect was seen
     * @param sparing whether everything that ran goes on when the fault is healed, so that nothing has to be started again
     */
    record FaultMade(
            long at,
            long made,
            String id,
            String kind,
            FaultClass faultClass,
            String requested,
            String resolved,
            String evidence,
            boolean sparing)
            implements RunEvent {

        /** A fault that ends what ran. */
        public FaultMade(
                long at,
                long made,
                String id,
                String kind,
                FaultClass faultClass,
                String requested,
                String resolved,
                String evidence) {
            this(at, made, id, kind, faultClass, requested, resolved, evidence, false);
        }
    }

    /**
     * A fault has been undone, and seen to be.
     *
     * @param at when its end had been seen
     * @param id the fault's name within the run
     * @param evidence how the end was seen
     */
    record FaultHealed(long at, String id, String evidence) implements RunEvent {}

    /**
     * A fault of the schedule could not be made.
     *
     * @param at when that was clear
     * @param id the fault's name within the run
     * @param kind what it would have been
     * @param requested the target as the schedule names it
     * @param reason why it was not made
     */
    record FaultNotMade(long at, String id, String kind, String requested, String reason) implements RunEvent {}

    /**
     * What a member said of itself.
     *
     * @param at when the harness had the answer
     * @param status the answer
     */
    record StatusSample(long at, NodeStatus status) implements RunEvent {}

    /**
     * What a member recorded of its own doings.
     *
     * @param at when the harness had the entry; {@link JournalEntry#at()} tells when the member made it
     * @param entry the entry
     */
    record Journal(long at, JournalEntry entry) implements RunEvent {}

    /**
     * How far the workload had come. Recorded at least once a second as long as it runs, and no longer: a pause of writes is
     * an outage only while somebody wants to write.
     *
     * @param at when
     * @param acknowledged the writes acknowledged so far
     * @param unknown the writes of unknown outcome so far
     * @param failed the writes failed so far
     */
    record Progress(long at, long acknowledged, long unknown, long failed) implements RunEvent {}

    /**
     * Who answered for the virtual address since the sample before.
     *
     * @param at when the sample was taken
     * @param owners the members that answered, in alphabetical order; whoever is not a member by its hardware address
     */
    record AddressSample(long at, List<String> owners) implements RunEvent {
        public AddressSample {
            owners = List.copyOf(owners);
        }
    }

    /**
     * Who had the virtual address on an interface, asked on each machine itself.
     *
     * @param at when the sample was taken
     * @param holders the members that had it at some moment since the sample before, in alphabetical order
     * @param silent the members that have said nothing since then, because they are down or frozen; in alphabetical order
     */
    record AddressHeld(long at, List<String> holders, List<String> silent) implements RunEvent {
        public AddressHeld {
            holders = List.copyOf(holders);
            silent = List.copyOf(silent);
        }
    }

    /**
     * What DRBD said of a member's disk, asked on the machine itself.
     *
     * @param at when
     * @param member the member
     * @param connection the connection to the other machine, in DRBD's words
     * @param role the role here
     * @param peerRole the other machine's, as far as it is known here
     * @param disk how good the disk here is
     * @param peerDisk how good the other machine's is, as far as it is known here
     */
    record DiskSample(
            long at, String member, String connection, String role, String peerRole, String disk, String peerDisk)
            implements RunEvent {}

    /**
     * Both disks were read and compared, block by block, when all was over.
     *
     * @param at when that was done
     * @param member where
     * @param differing how many kilobytes differ
     */
    record DisksCompared(long at, String member, long differing) implements RunEvent {}

    /**
     * When a member takes the virtual address over by the arithmetic of its protocol.
     *
     * @param at when this was recorded
     * @param member the member
     * @param soonest the soonest after the other member's death, in nanoseconds
     * @param latest the latest, in nanoseconds
     */
    record AddressTime(long at, String member, long soonest, long latest) implements RunEvent {}

    /**
     * A member has had another one's power cut, and it was seen to be off. That is no fault: the strategy wanted it.
     *
     * @param at when the order for it was given
     * @param off when the machine had been seen to be off
     * @param id its name within the run
     * @param by the member that wanted it
     * @param member the member whose machine it is
     * @param evidence how it was seen
     */
    record PowerCut(long at, long off, String id, String by, String member, String evidence) implements RunEvent {}

    /**
     * A machine whose power was cut has it back and boots.
     *
     * @param at when it had been started
     * @param id the name of the cut
     * @param member the member whose machine it is
     * @param evidence how it was seen
     */
    record PowerRestored(long at, String id, String member, String evidence) implements RunEvent {}

    /**
     * A workload begins beside the ledger.
     *
     * @param at when
     * @param workload what it is called, for example {@code append}
     * @param facts what is to be known of it to judge it, by name, for example its isolation level
     */
    record WorkloadBegun(long at, String workload, Map<String, String> facts) implements RunEvent {
        public WorkloadBegun {
            facts = Map.copyOf(facts);
        }
    }

    /**
     * The story was not played to its end.
     *
     * @param at when that was clear
     * @param reason why
     */
    record Cut(long at, String reason) implements RunEvent {}

    /**
     * Anything else a reader of the run may want to know.
     *
     * @param at when
     * @param text a sentence
     */
    record Note(long at, String text) implements RunEvent {}

    /**
     * A member's PostgreSQL log was read from its beginning to its end, after everything else.
     *
     * @param at when
     * @param member whose
     * @param lines how many lines it has
     */
    record LogRead(long at, String member, long lines) implements RunEvent {}

    /**
     * A line of a member's PostgreSQL log that nothing a cluster goes through should bring about.
     *
     * @param at when it was read
     * @param member whose log
     * @param number the line's number in it
     * @param text the line
     */
    record LogLine(long at, String member, long number, String text) implements RunEvent {}

    /**
     * The end of the story: all faults were healed, and the cluster was given its time to become whole.
     *
     * @param at when it was whole, or when the time was over
     * @param since when the last fault had been healed
     * @param limit how long the cluster was given, in nanoseconds
     * @param whole whether it has become whole
     * @param said how it was then
     */
    record Mended(long at, long since, long limit, boolean whole, String said) implements RunEvent {}

    /**
     * What a member's data directory tells of a timeline's ancestors.
     *
     * @param at when it was read
     * @param member whose
     * @param leads whether this is the timeline on which the member was primary then
     * @param history the timeline and its ancestors
     */
    record HistoryRead(long at, String member, boolean leads, TimelineHistory history) implements RunEvent {}

    /**
     * All rows of a table on one member, in short, read while nobody wrote.
     *
     * @param at when
     * @param member where
     * @param table the table
     * @param rows how many rows
     * @param checksum equal for equal rows, and but for collisions only for those
     */
    record TableRead(long at, String member, String table, long rows, String checksum) implements RunEvent {}

    /**
     * PostgreSQL's own check of a member's tables and indexes was run.
     *
     * @param at when it was done
     * @param member where
     * @param sound whether it found nothing
     * @param said what it said otherwise
     */
    record DataChecked(long at, String member, boolean sound, String said) implements RunEvent {}

    /**
     * What WAL a member keeps for another one, when all was over and nobody wrote.
     *
     * @param at when
     * @param member who keeps it
     * @param slot the replication slot
     * @param status what PostgreSQL says of it ({@code wal_status}), empty if nothing
     * @param kept how many bytes of WAL lie between the slot's position and the member's own
     * @param sinceCheckpoint how many bytes of WAL a recovery of the member would begin with, which it keeps for itself
     */
    record SlotSeen(long at, String member, String slot, String status, long kept, long sinceCheckpoint)
            implements RunEvent {}
}
