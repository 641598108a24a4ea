package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.reports.ReportModel.Interval;
import io.github.pggauntlet.reports.ReportModel.State;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each member was over time, from three sources that are merged by time: what it said when it was asked, the
 * milestones in its journal (exact, where samples come at intervals), and faults, and cuts of its power, that were seen to take
 * it down (a dead member says nothing, and must not look alive until it is next asked).
 */
final class RoleHistory {

    /** These take down what they hit. */
    private static final Set<FaultClass> DEADLY =
            Set.of(FaultClass.POSTMASTER_CRASH, FaultClass.HOST_CRASH, FaultClass.CLEAN_STOP, FaultClass.STANDBY_LOSS);

    private final TimeAnchor anchor;
    private final Map<String, List<Sight>> sights = new TreeMap<>();

    RoleHistory(TimeAnchor anchor, List<RunEvent> events) {
        this.anchor = anchor;
        events.forEach(this::add);
    }

    /** What is known of a member from one instant on. */
    private record Sight(long at, State state, OptionalInt timeline, Optional<String> detail) {}

    /** The members' names in order, with what each of them was. */
    Map<String, List<Interval>> until(long end) {
        Map<String, List<Interval>> all = new TreeMap<>();
        sights.forEach((member, mine) -> all.put(member, intervals(mine, end)));
        return all;
    }

    private void add(RunEvent event) {
        if (event instanceof RunEvent.StatusSample sample) {
            NodeStatus status = sample.status();
            // No later than the answer came: a member's clock may be ahead.
            long at = Math.min(anchor.nanos(status.at()), sample.at());
            see(status.member(), new Sight(at, state(status), status.timeline(), Optional.empty()));
        } else if (event instanceof RunEvent.Journal journal) {
            JournalEntry entry = journal.entry();
            long at = Math.min(anchor.nanos(entry.at()), journal.at());
            sight(at, entry).ifPresent(sight -> see(entry.member(), sight));
        } else if (event instanceof RunEvent.FaultMade fault && DEADLY.contains(fault.faultClass())) {
            see(
                    fault.resolved(),
                    new Sight(fault.made(), State.STOPPED, OptionalInt.empty(), Optional.of(fault.kind())));
        } else if (event instanceof RunEvent.PowerCut cut) {
            see(
                    cut.member(),
                    new Sight(
                            cut.off(),
                            State.STOPPED,
                            OptionalInt.empty(),
                            Optional.of("its power cut by " + cut.by())));
        }
    }

    private void see(String member, Sight sight) {
        sights.computeIfAbsent(member, name -> new ArrayList<>()).add(sight);
    }

    private static State state(NodeStatus status) {
        return switch (status.role()) {
            case PRIMARY -> status.open() ? State.OPEN : State.CLOSED;
            case PROMOTING -> State.PROMOTING;
            case STANDBY -> status.streaming() ? State.STREAMING : State.WAITING;
            case REJOINING -> State.REJOINING;
            case TRANSITION -> State.TRANSITION;
            case STOPPED -> State.STOPPED;
            case QUARANTINED -> State.QUARANTINED;
            case UNREACHABLE -> State.UNREACHABLE;
        };
    }

    /** What a milestone says of the member's role; many say nothing. */
    private static Optional<Sight> sight(long at, JournalEntry entry) {
        OptionalInt timeline = Details.timeline(entry.details(), "timeline");
        return switch (entry.milestone()) {
            case AGENT_STARTED, FAILURE_DETECTED, AGENT_STOPPED ->
                Optional.of(new Sight(at, State.STOPPED, OptionalInt.empty(), Optional.empty()));
            case POSTGRES_STARTED, DEMOTED ->
                Optional.of(new Sight(at, State.TRANSITION, OptionalInt.empty(), Optional.empty()));
            case PROMOTION_STARTED ->
                Optional.of(new Sight(at, State.PROMOTING, OptionalInt.empty(), Optional.empty()));
            case PROMOTED -> Optional.of(new Sight(at, State.CLOSED, timeline, Optional.empty()));
            case OPENED -> Optional.of(new Sight(at, State.OPEN, timeline, Optional.empty()));
            case REJOIN_PLANNED ->
                Optional.of(new Sight(
                        at, State.REJOINING, OptionalInt.empty(), Optional.of(Details.get(entry.details(), "way"))));
            case REJOINED -> Optional.of(new Sight(at, State.STREAMING, timeline, Optional.empty()));
            case QUARANTINED ->
                Optional.of(new Sight(
                        at,
                        State.QUARANTINED,
                        OptionalInt.empty(),
                        Optional.of(Details.get(entry.details(), "reason"))));
            case BOOTSTRAPPED, FENCED, LEASE_RELEASED, VACANCY_SEEN, ELECTED, REDUNDANT, ALONE, STEP_FAILED ->
                Optional.empty();
        };
    }

    private static List<Interval> intervals(List<Sight> sights, long end) {
        List<Interval> intervals = new ArrayList<>();
        for (Sight sight :
                sights.stream().sorted(Comparator.comparingLong(Sight::at)).toList()) {
            long at = Math.max(0, Math.min(sight.at(), end));
            if (!intervals.isEmpty()) {
                Interval last = intervals.get(intervals.size() - 1);
                if (isSame(last, sight)) {
                    // Later sights may know what earlier ones did not, and take nothing away.
                    intervals.set(
                            intervals.size() - 1,
                            new Interval(
                                    last.from(),
                                    end,
                                    last.state(),
                                    last.timeline().isPresent() ? last.timeline() : sight.timeline(),
                                    last.detail().isEmpty() ? sight.detail().orElse("") : last.detail()));
                    continue;
                }
                intervals.set(
                        intervals.size() - 1,
                        new Interval(last.from(), at, last.state(), last.timeline(), last.detail()));
            }
            intervals.add(new Interval(
                    at, end, sight.state(), sight.timeline(), sight.detail().orElse("")));
        }
        intervals.removeIf(interval -> interval.from() >= interval.to());
        return List.copyOf(intervals);
    }

    private static boolean isSame(Interval last, Sight sight) {
        return last.state() == sight.state()
                && (last.timeline().isEmpty()
                        || sight.timeline().isEmpty()
                        || last.timeline().equals(sight.timeline()));
    }

    /** Details of journal entries. */
    static final class Details {

        private Details() {}

        static String get(Map<String, String> details, String name) {
            return details.getOrDefault(name, "");
        }

        static OptionalInt timeline(Map<String, String> details, String name) {
            String text = get(details, name);
            try {
                return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
            } catch (NumberFormatException e) {
                // Details are free text; what is no number names no timeline.
                return OptionalInt.empty();
            }
        }
    }
}
