package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.history.Operation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What is shown of a run: small, whatever the length of the run. Times are nanoseconds since the run's start.
 *
 * @param folder the run's folder, as a command line would name it
 * @param plan what was to be run
 * @param startedAt the wall-clock time of the run's start
 * @param duration the time of the last thing that was recorded
 * @param verdict what was said of the run; nothing if it was never judged
 * @param notices what a reader should know about the record itself, for example that it ends in a torn line
 * @param counts the writes, as counted from the history
 * @param phases the run's phases
 * @param lanes one for each member, by name; then, if there is a virtual address, one for each who has answered for it
 * @param faults the faults in the order in which they were made
 * @param load throughput and latency over time
 * @param outages what the verdict says of each failover
 * @param timelines the timelines on which members have been primary, in order
 * @param rejoins the ways back into the cluster, in the order in which they were planned
 * @param lost the acknowledged writes that a read did not show and should have
 * @param journal what the members recorded of themselves, in order
 */
public record ReportModel(
        String folder,
        PlanFacts plan,
        Instant startedAt,
        long duration,
        Optional<Verdict> verdict,
        List<String> notices,
        Counts counts,
        List<Phase> phases,
        List<Lane> lanes,
        List<Fault> faults,
        Load load,
        List<Outage> outages,
        List<Timeline> timelines,
        List<Rejoin> rejoins,
        LostWrites lost,
        Journal journal) {

    public ReportModel {
        notices = List.copyOf(notices);
        phases = List.copyOf(phases);
        lanes = List.copyOf(lanes);
        faults = List.copyOf(faults);
        outages = List.copyOf(outages);
        timelines = List.copyOf(timelines);
        rejoins = List.copyOf(rejoins);
    }

    /**
     * Numbers of writes.
     *
     * @param acknowledged by clients and probes
     * @param unknown by clients and probes
     * @param failed by clients and probes
     * @param clientAcknowledged by clients alone
     * @param clientUnknown by clients alone
     * @param clientFailed by clients alone
     */
    public record Counts(
            long acknowledged,
            long unknown,
            long failed,
            long clientAcknowledged,
            long clientUnknown,
            long clientFailed) {}

    /**
     * A part of the run.
     *
     * @param from when it began
     * @param to when it ended
     * @param name what it is called
     */
    public record Phase(long from, long to, String name) {}

    /** What a member is shown as. */
    public enum State {
        /** Primary, and writes are acknowledged. */
        OPEN,
        /** Primary, but writes are not acknowledged yet or no longer. */
        CLOSED,
        /** On the way to being primary. */
        PROMOTING,
        /** Standby that receives WAL. */
        STREAMING,
        /** Standby that receives no WAL. */
        WAITING,
        /** On the way back into the cluster. */
        REJOINING,
        /** PostgreSQL comes up or goes down. */
        TRANSITION,
        /** PostgreSQL does not run. */
        STOPPED,
        /** Out of the cluster until an operator comes. */
        QUARANTINED,
        /** Did not answer. */
        UNREACHABLE,
        /** Answers for the virtual address; no role, but shown as one in a lane of its own. */
        ADDRESS
    }

    /**
     * A stretch of time in which a member was the same thing.
     *
     * @param from when it began
     * @param to when it ended
     * @param state what the member was
     * @param timeline the timeline it was on, if known
     * @param detail more for people, for example the way of a rejoin; may be empty
     */
    public record Interval(long from, long to, State state, OptionalInt timeline, String detail) {}

    /**
     * A stretch of time in which a member acknowledged writes, without a longer break.
     *
     * @param from when the first of them was acknowledged
     * @param to when the last of them was acknowledged
     * @param timeline the timeline they were written on; 0 if not known
     * @param writes their number
     */
    public record Writing(long from, long to, int timeline, long writes) {}

    /**
     * A member over time.
     *
     * @param member its name
     * @param roles what it was, in order and without overlap
     * @param writing when it acknowledged writes, of clients or of probes
     */
    public record Lane(String member, List<Interval> roles, List<Writing> writing) {
        public Lane {
            roles = List.copyOf(roles);
            writing = List.copyOf(writing);
        }
    }

    /**
     * A fault.
     *
     * @param number its place in the order of the run, from 1
     * @param id its name within the run
     * @param kind what it is
     * @param faultClass the class for which strategies make promises; empty for a fault that was not made
     * @param requested the target as the schedule names it
     * @param resolved the member this was; empty for a fault that was not made
     * @param at when the order for it was given
     * @param made when its effect had been seen; nothing for a fault that was not made
     * @param evidence how the effect was seen, or why the fault was not made
     * @param healed when its end had been seen, if it was
     * @param healedBy how the end was seen; may be empty
     */
    public record Fault(
            int number,
            String id,
            String kind,
            String faultClass,
            String requested,
            String resolved,
            long at,
            OptionalLong made,
            String evidence,
            OptionalLong healed,
            String healedBy) {}

    /**
     * Throughput and latency of the clients' writes, in buckets of equal width from the run's start on. A write counts in
     * the bucket in which it was completed. Latencies are those of acknowledged writes, in microseconds; -1 where there is
     * none.
     *
     * @param width a bucket's width
     * @param acknowledged the writes acknowledged in each bucket
     * @param unknown the writes of unknown outcome in each bucket
     * @param failed the writes failed in each bucket
     * @param p50 the median latency in each bucket
     * @param p99 the 99th percentile of latency in each bucket
     * @param max the greatest latency in each bucket
     * @param overall the latency over the whole run
     */
    public record Load(
            long width,
            List<Long> acknowledged,
            List<Long> unknown,
            List<Long> failed,
            List<Long> p50,
            List<Long> p99,
            List<Long> max,
            Latency overall) {
        public Load {
            acknowledged = List.copyOf(acknowledged);
            unknown = List.copyOf(unknown);
            failed = List.copyOf(failed);
            p50 = List.copyOf(p50);
            p99 = List.copyOf(p99);
            max = List.copyOf(max);
        }
    }

    /**
     * Latency of acknowledged writes in microseconds; -1 if there is none.
     *
     * @param p50 the median
     * @param p99 the 99th percentile
     * @param max the greatest
     */
    public record Latency(long p50, long p99, long max) {}

    /**
     * A timeline on which a member has been primary.
     *
     * @param id its number
     * @param member the member that made it, or was first seen on it
     * @param parent the timeline it branched off, if known
     * @param switchLsn where it branched off; empty if not known
     * @param at when it was made, or first seen
     * @param depth the number of known ancestors
     * @param acknowledged the number of writes acknowledged on it by this member
     */
    public record Timeline(
            int id, String member, OptionalInt parent, String switchLsn, long at, int depth, long acknowledged) {}

    /**
     * A way back into the cluster.
     *
     * @param member who went it
     * @param way the way it said it would take
     * @param reason why this way
     * @param planned when it was chosen
     * @param rejoined when the member streamed again, if it did
     * @param timeline the timeline it then followed; empty if not known
     * @param evidence what else was recorded at its end
     */
    public record Rejoin(
            String member,
            String way,
            String reason,
            long planned,
            OptionalLong rejoined,
            String timeline,
            SortedMap<String, String> evidence) {}

    /**
     * An acknowledged write that is missing.
     *
     * @param write the write
     * @param read the first read that should have shown it
     */
    public record LostWrite(Operation.Write write, String read) {}

    /**
     * Acknowledged writes that are missing.
     *
     * @param count their number
     * @param first the first of them
     */
    public record LostWrites(long count, List<LostWrite> first) {
        /** None. */
        public static final LostWrites NONE = new LostWrites(0, List.of());

        public LostWrites {
            first = List.copyOf(first);
        }
    }

    /**
     * A line of a member's journal.
     *
     * @param at when, by the member's clock
     * @param member whose
     * @param milestone what, in lower case
     * @param details what else there is to know
     */
    public record JournalLine(long at, String member, String milestone, Map<String, String> details) {}

    /**
     * The members' journals.
     *
     * @param count the number of lines there are
     * @param lines the first of them
     */
    public record Journal(long count, List<JournalLine> lines) {
        public Journal {
            lines = List.copyOf(lines);
        }
    }
}
