package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation.Read;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunEvent.FaultMade;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Did every member that had failed come back as a standby, by the way it says, and with the primary's rows?
 *
 * <p>After a fault that takes a member down, or after another member has had its power cut, and before the next such thing that
 * hits it, its journal must hold
 *
 * <ol>
 *   <li>{@code REJOIN_PLANNED} with the details {@value #WAY} (for example {@code follow}, {@code rewind}, {@code copy} or
 *       {@code recover}) and {@value #REASON},
 *   <li>{@code REJOINED} with the details {@value #WAY} (the way taken), {@value #TIMELINE}, and {@value #EVIDENCE}: the way
 *       that the data directory itself gives away, found out without a look at the plan, a colon, and the marks by which it
 *       was known, for example {@code rewind: base directory kept, history of timeline 3 new}.
 * </ol>
 *
 * <p>and it must then say of itself that it streams, on the timeline of a primary, or the primary must record that it is
 * redundant again with it; if it was seen as a standby for less than a second before the next fault, or before it was promoted
 * itself, and did not, the matter is left open. A plan made several
 * times counts as it was made last. All three ways must be the same. In the final reads the rows of a member that rejoined must
 * equal those of the primary, by digest; those of one on which no PostgreSQL runs as long as it is a standby are read after one
 * more failover. A member that is primary again after its fault has not rejoined and is not judged,
 * nor is one that was hit again on its way back, nor one that went on streaming, or leading with nobody else, when a fault was
 * over that had ended nothing, nor one that was switched off by another member, was started again before there was a primary by
 * which to plan a way, and then streamed.
 *
 * <p>It is long because every one of these exceptions is a false alarm that a sound strategy once raised, and each needs the
 * same account of a member's way back. O(f · e) for f faults and e events. Source: the harness's rules of judgement; rejoins
 * that were announced and never happened, or rewound to the wrong timeline, are the field's most frequent bugs.
 */
public final class RejoinChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "rejoin";

    /** The detail that names the way back. */
    public static final String WAY = "way";

    /** The detail that says why this way. */
    public static final String REASON = "reason";

    /** The detail that names the timeline followed. */
    public static final String TIMELINE = "timeline";

    /** The detail that says which way the data directory gives away, and how. */
    public static final String EVIDENCE = "evidence";

    /** The detail by which a primary names the standby with which it is redundant again. */
    public static final String STANDBY = "standby";

    /** What a member that has rejoined may show for less than this proves nothing: it may just have been coming back. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(1);

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public Result check(RunRecord run) {
        List<Evidence> broken = new ArrayList<>();
        List<Evidence> doubtful = new ArrayList<>();
        SortedMap<String, Integer> ways = new TreeMap<>();
        // A return ends with the next fault that hits the member, also with one of the examination.
        List<FaultMade> all = run.blows();
        List<FaultMade> faults = all.stream()
                .filter(fault -> fault.at() < run.examinationStart())
                .toList();
        int expected = 0;
        for (FaultMade fault : faults) {
            boolean promised =
                    run.promise(fault.faultClass()).filter(Promise::rejoin).isPresent();
            if (!promised || !takesDown(fault)) {
                continue;
            }
            long end = end(all, fault);
            Return back = new Return(run, fault, end, end != Long.MAX_VALUE, end == Long.MAX_VALUE && isCutOff(run));
            if (back.isPrimaryAgain() || back.wasHitAgainOnItsWay() || back.neverLeft() || back.startedAlone()) {
                continue;
            }
            expected++;
            back.way().ifPresent(way -> ways.merge(way, 1, Integer::sum));
            back.complaint().ifPresent(what -> broken.add(Evidence.of(what)));
            back.doubt().ifPresent(what -> doubtful.add(Evidence.of(what)));
        }
        judgeRows(run, faults, broken, doubtful);
        return new Result(finding(expected, ways, broken, doubtful), Measures.rejoins(ways));
    }

    /**
     * Whether the record ends in the midst of the story, as that of a killed run does. Nobody then waited for a member to come
     * back: a story that is played to its end, or given up, is followed by final reads or says so.
     */
    private static boolean isCutOff(RunRecord run) {
        return run.history().reads().isEmpty()
                && run.events(RunEvent.Cut.class).findAny().isEmpty();
    }

    private static boolean takesDown(FaultMade fault) {
        return switch (fault.faultClass()) {
            case POSTMASTER_CRASH,
                    HOST_CRASH,
                    HOST_ISOLATED,
                    HOST_FROZEN,
                    AGENT_FROZEN,
                    CLEAN_STOP,
                    STANDBY_LOSS,
                    SWITCHOVER -> true;
            // Whether anybody goes down hangs on what exactly it hits and on how long it lasts.
            case SLOW_LINK, LINK_CUT, PARTITION, ARBITER_LOSS, POSTGRES_FROZEN, DISK, SCARCITY, CLOCK, ADDRESS -> false;
        };
    }

    private static long end(List<FaultMade> faults, FaultMade fault) {
        return faults.stream()
                .filter(next -> next.resolved().equals(fault.resolved()) && next.at() > fault.at())
                .mapToLong(FaultMade::at)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static Finding finding(
            int expected, SortedMap<String, Integer> ways, List<Evidence> broken, List<Evidence> doubtful) {
        if (!broken.isEmpty()) {
            return new Finding(PROMISE, Ruling.BROKEN, broken.get(0).what(), broken);
        }
        if (!doubtful.isEmpty()) {
            return new Finding(PROMISE, Ruling.INCONCLUSIVE, doubtful.get(0).what(), doubtful);
        }
        if (expected == 0) {
            return Finding.of(PROMISE, Ruling.VACUOUS, "No member had to come back.");
        }
        String taken = ways.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        return Finding.of(
                PROMISE,
                Ruling.KEPT,
                Text.count(expected, "member", "members")
                        + " came back as a standby with the primary's rows, by the way" + " it says (" + taken + ").");
    }

    private static void judgeRows(
            RunRecord run, List<FaultMade> faults, List<Evidence> broken, List<Evidence> doubtful) {
        List<Read> reads = run.history().reads().stream()
                .filter(read -> read.occasion() == Occasion.FINAL)
                .toList();
        Optional<Read> primary = reads.stream().filter(Read::proven).max(Comparator.comparingInt(Read::timeline));
        if (primary.isEmpty()) {
            doubtful.add(Evidence.of("No primary's rows were read in the end, so nobody's can be compared."));
            return;
        }
        List<String> hit = faults.stream()
                .filter(RejoinChecker::takesDown)
                .map(FaultMade::resolved)
                .distinct()
                .toList();
        for (String member : hit) {
            Optional<Read> read = rows(run, member);
            if (read.isEmpty()) {
                doubtful.add(Evidence.of("The rows of " + member + " were not read in the end."));
            } else if (!read.get().digest().equals(primary.get().digest())) {
                broken.add(Evidence.of("In the end " + member + " had "
                        + Text.count(read.get().rows(), "row", "rows") + " that are not those of the primary "
                        + primary.get().node() + ", which had " + primary.get().rows() + "."));
            }
        }
    }

    /**
     * The rows of a member in the end. Where no PostgreSQL runs on a standby, but its disk is kept alike, they are read after
     * one more failover, on it.
     */
    private static Optional<Read> rows(RunRecord run, String member) {
        Optional<Read> last = rows(run, member, Occasion.FINAL);
        return last.isEmpty() && isCold(run, member) ? rows(run, member, Occasion.AFTER_ONE_MORE_FAILOVER) : last;
    }

    private static Optional<Read> rows(RunRecord run, String member, Occasion occasion) {
        return run.history().reads().stream()
                .filter(read -> read.node().equals(member) && read.occasion() == occasion)
                .reduce((first, last) -> last);
    }

    private static boolean isCold(RunRecord run, String member) {
        List<NodeStatus> asStandby = run.events(RunEvent.StatusSample.class)
                .map(RunEvent.StatusSample::status)
                .filter(status -> status.member().equals(member) && status.role() == NodeRole.STANDBY)
                .toList();
        return !asStandby.isEmpty()
                && asStandby.stream().allMatch(status -> status.postmasterPid().isEmpty());
    }

    /** The return of one member after one fault. */
    private static final class Return {

        private final FaultMade fault;
        private final boolean hitAgain;
        private final boolean hitBeforeOver;
        private final boolean cutOff;
        private final boolean switchedOff;
        private final List<NodeStatus> statuses;
        private final List<NodeStatus> sinceOver;
        private final List<JournalEntry> steps;
        private final Optional<JournalEntry> rejoined;
        private final Optional<JournalEntry> plan;
        private final List<NodeStatus> sinceRejoined;
        private final boolean vouchedFor;

        Return(RunRecord run, FaultMade fault, long end, boolean hitAgain, boolean cutOff) {
            this.fault = fault;
            this.hitAgain = hitAgain;
            this.hitBeforeOver = hitAgain && run.over(fault) > end && run.over(fault) < Long.MAX_VALUE;
            this.cutOff = cutOff;
            this.switchedOff =
                    run.events(RunEvent.PowerCut.class).anyMatch(cut -> cut.id().equals(fault.id()));
            String member = fault.resolved();
            this.statuses = run.events(RunEvent.StatusSample.class)
                    .filter(sample -> sample.at() > fault.made() && sample.at() < end)
                    .map(RunEvent.StatusSample::status)
                    .toList();
            long over = run.over(fault);
            this.sinceOver = run.events(RunEvent.StatusSample.class)
                    .filter(sample -> sample.at() > over && sample.at() < end)
                    .map(RunEvent.StatusSample::status)
                    .toList();
            this.steps = run.events(RunEvent.Journal.class)
                    .map(RunEvent.Journal::entry)
                    .filter(entry -> entry.member().equals(member))
                    .filter(entry -> run.history().anchor().nanos(entry.at()) >= fault.at()
                            && run.history().anchor().nanos(entry.at()) < end)
                    .sorted(Comparator.comparingLong(JournalEntry::sequence))
                    .toList();
            this.rejoined = steps.stream()
                    .filter(entry -> entry.milestone() == Milestone.REJOINED)
                    .reduce((first, last) -> last);
            this.plan = steps.stream()
                    .filter(entry -> entry.milestone() == Milestone.REJOIN_PLANNED)
                    .filter(entry -> rejoined.isEmpty()
                            || entry.sequence() < rejoined.get().sequence())
                    .reduce((first, last) -> last);
            this.sinceRejoined = statuses.stream()
                    .filter(status -> rejoined.isPresent()
                            && !status.at().isBefore(rejoined.get().at()))
                    .toList();
            this.vouchedFor = rejoined.isPresent()
                    && plan.isPresent()
                    && run.events(RunEvent.Journal.class)
                            .map(RunEvent.Journal::entry)
                            .filter(entry -> entry.milestone() == Milestone.REDUNDANT)
                            .filter(entry -> member.equals(entry.details().get(STANDBY)))
                            .anyMatch(entry -> !entry.at().isBefore(plan.get().at())
                                    && run.history().anchor().nanos(entry.at()) < end);
        }

        /**
         * Whether it leads again. That it is still said to lead proves nothing: what is seen just after a fault may have been
         * asked just before it. It must have been seen not to, or be on a later timeline.
         */
        boolean isPrimaryAgain() {
            if (rejoined.isPresent() || plan.isPresent()) {
                return false;
            }
            boolean seenDown = false;
            int timeline = Integer.MAX_VALUE;
            List<NodeStatus> mine = statuses.stream()
                    .filter(this::isMine)
                    .sorted(Comparator.comparing(NodeStatus::at))
                    .toList();
            for (NodeStatus status : mine) {
                boolean leads = status.role() == NodeRole.PRIMARY && status.open();
                int now = status.timeline().orElse(0);
                if (leads && (seenDown || now > timeline)) {
                    return true;
                }
                seenDown = seenDown || !leads;
                timeline = Math.min(timeline, now);
            }
            return false;
        }

        /**
         * Whether the next fault hit it before it was back, or before the first one was over: until then nobody could expect
         * it. What was seen of it just after the first fault may have been asked just before. Of the next one's return there
         * is more to be said.
         */
        boolean wasHitAgainOnItsWay() {
            return hitAgain && rejoined.isEmpty() && (hitBeforeOver || !streamsAmong(statuses));
        }

        /** Whether it went on as the standby, or the primary, that it was, once a fault was over that had ended nothing. */
        boolean neverLeft() {
            return fault.sparing() && rejoined.isEmpty() && plan.isEmpty() && (streamsAmong(sinceOver) || leadsAlone());
        }

        /** Whether it leads when the fault is over, and nobody has taken over meanwhile. */
        private boolean leadsAlone() {
            int timeline = sinceOver.stream()
                    .filter(this::isMine)
                    .filter(status -> status.role() == NodeRole.PRIMARY && status.open())
                    .mapToInt(status -> status.timeline().orElse(0))
                    .max()
                    .orElse(0);
            return timeline > 0
                    && statuses.stream()
                            .filter(status -> !isMine(status) && status.role() == NodeRole.PRIMARY)
                            .noneMatch(status -> status.timeline().orElse(0) > timeline);
        }

        /**
         * Whether it was switched off, booted while there was no primary to be reached by which to plan a way, was started as the
         * standby it was, and then streamed. PostgreSQL itself streams only what continues what is there.
         */
        boolean startedAlone() {
            return switchedOff
                    && rejoined.isEmpty()
                    && plan.isEmpty()
                    && steps.stream().anyMatch(entry -> entry.milestone() == Milestone.POSTGRES_STARTED)
                    && streamsAmong(sinceOver);
        }

        private boolean streamsAmong(List<NodeStatus> seen) {
            return seen.stream().anyMatch(status -> streams(status, seen));
        }

        Optional<String> way() {
            return rejoined.map(entry -> entry.details().get(WAY));
        }

        Optional<String> complaint() {
            String who = who();
            if (rejoined.isEmpty() && cutOff) {
                return Optional.empty();
            }
            if (rejoined.isEmpty()) {
                return Optional.of(who + "did not come back"
                        + plan.map(entry -> ", though it planned to by '" + detail(entry, WAY) + "'")
                                .orElse("")
                        + ".");
            }
            if (plan.isEmpty()) {
                return Optional.of(who + "came back without having said by which way it would.");
            }
            String planned = detail(plan.get(), WAY);
            String taken = detail(rejoined.get(), WAY);
            if (!planned.equals(taken)) {
                return Optional.of(who + "claimed the way '" + planned + "' and took '" + taken + "'.");
            }
            String shown = shown();
            if (!shown.isEmpty() && !shown.equals(taken)) {
                return Optional.of(who + "says it came back by '" + taken + "', but its data directory shows '"
                        + detail(rejoined.get(), EVIDENCE) + "'.");
            }
            return cutOff || streamed() || !watchedLongEnough()
                    ? Optional.empty()
                    : Optional.of(
                            who + "says it has rejoined, but was never seen to stream on the primary's timeline.");
        }

        private boolean streamed() {
            return vouchedFor || streamsAmong(sinceRejoined);
        }

        /** Whether it was seen for so long that it would have been seen to stream if it did. */
        private boolean watchedLongEnough() {
            List<Instant> seen = sinceRejoined.stream()
                    .filter(this::isMine)
                    .sorted(Comparator.comparing(NodeStatus::at))
                    .takeWhile(status -> status.role() != NodeRole.PRIMARY)
                    .map(NodeStatus::at)
                    .sorted()
                    .toList();
            return !seen.isEmpty()
                    && Duration.between(seen.get(0), seen.get(seen.size() - 1)).compareTo(LONG_ENOUGH) >= 0;
        }

        private String who() {
            return fault.resolved() + ", hit by " + fault.id() + " (" + fault.kind() + ") at "
                    + Text.seconds(fault.at()) + ", ";
        }

        Optional<String> doubt() {
            if (cutOff && !streamed()) {
                return Optional.of(who() + "had not come back when the record ends, in the midst of the story.");
            }
            if (rejoined.isEmpty() || plan.isEmpty()) {
                return Optional.empty();
            }
            String who = "Of " + fault.resolved() + "'s return after " + fault.id() + " ";
            if (detail(rejoined.get(), WAY).isEmpty()
                    || detail(plan.get(), REASON).isEmpty()) {
                return Optional.of(who + "the journal does not give the way and the reason for it.");
            }
            if (shown().isEmpty()) {
                return Optional.of(who + "only its own word is known: the journal shows no evidence of the way taken.");
            }
            return streamed() || watchedLongEnough()
                    ? Optional.empty()
                    : Optional.of(who + "too little was seen afterwards to say whether it streamed.");
        }

        private String shown() {
            String evidence = rejoined.map(entry -> detail(entry, EVIDENCE)).orElse("");
            int colon = evidence.indexOf(':');
            return (colon < 0 ? evidence : evidence.substring(0, colon)).strip();
        }

        private boolean isMine(NodeStatus status) {
            return status.member().equals(fault.resolved());
        }

        private boolean streams(NodeStatus status, List<NodeStatus> seen) {
            return isMine(status)
                    && status.role() == NodeRole.STANDBY
                    && status.streaming()
                    && status.timeline().isPresent()
                    && seen.stream()
                            .anyMatch(other -> other.role() == NodeRole.PRIMARY
                                    && other.timeline().equals(status.timeline()));
        }

        private static String detail(JournalEntry entry, String name) {
            Map<String, String> details = entry.details();
            return details.getOrDefault(name, "");
        }
    }
}
