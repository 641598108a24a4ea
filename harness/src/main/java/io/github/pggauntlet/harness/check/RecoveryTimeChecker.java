package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.Outage.Part;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunEvent.FaultMade;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How long did writes stop, and was that longer than promised?
 *
 * <p>The headline of a failover runs from the last write that was acknowledged to a client on the old timeline to the first
 * on the new one. Its parts come from the members' journals. Each boundary is clamped between the one before it and the end,
 * and a milestone that is missing gives its time to the next part, so the parts always add up to the headline. Members'
 * clocks are taken for the harness's own, as they are where they run on the same computer.
 *
 * <p>The promise is held against every pause, a time without a write acknowledged to a client, that faults may have caused,
 * failover or not: those that were made during the pause or were not over when it began; if there are none, the last one
 * before it. A pause may be as long as all of them together are promised, since one outage may follow on another, and it is
 * not judged if nothing is promised for one of them. Where writes may stop for as long as a fault lasts, only what of
 * the pause lies behind the fault's end counts. The workload is known to have been running as long as it reported its progress; a pause that had not ended by then
 * counts up to there, and breaks the promise if it is already too long. O(n log n + p · f) for n writes, f faults, and p
 * pauses longer than the shortest promise.
 *
 * <p>Source: the harness's rules of judgement.
 */
public final class RecoveryTimeChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "write-outage";

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public Result check(RunRecord run) {
        List<Write> acknowledged = run.acknowledged()
                .filter(write -> write.kind() == SessionKind.CLIENT)
                .sorted(Comparator.comparingLong(Write::completed))
                .toList();
        List<Outage> outages = outages(run);
        return new Result(finding(run, acknowledged), Measures.outages(outages));
    }

    /** A time in which no write was acknowledged. */
    private record Pause(long from, long to, Optional<Write> before, Optional<Write> after) {

        long nanos() {
            return to - from;
        }

        Evidence evidence(Allowance allowance) {
            List<Write> writes = new ArrayList<>();
            before.ifPresent(writes::add);
            after.ifPresent(writes::add);
            String end = after.isPresent() ? "" : ", and had not begun again when the load ended";
            return new Evidence(
                    "After " + allowance.causes() + " writes stopped for " + Text.millis(allowance.counted())
                            + ", from "
                            + Text.seconds(to - allowance.counted()) + " to " + Text.seconds(to) + end
                            + "; promised are at most " + allowance.promised().toMillis() + " ms.",
                    writes);
        }
    }

    /**
     * What a pause is held against.
     *
     * @param causes the faults that may have caused it, for people
     * @param counted how much of it counts
     * @param promised how long it may be
     */
    private record Allowance(String causes, long counted, Duration promised) {

        boolean isExceeded() {
            return counted > promised.toNanos();
        }
    }

    /** A fault with its end and what is promised for it. */
    private record Trial(FaultMade fault, long over, Optional<Promise> promise) {

        boolean mayStopWritesWhileItLasts() {
            return promise.filter(Promise::whileItLasts).isPresent();
        }

        /** How much of a pause had passed when this was over. */
        long passed(Pause pause) {
            return Math.max(0, Math.min(pause.to(), over) - pause.from());
        }
    }

    private static Finding finding(RunRecord run, List<Write> acknowledged) {
        if (acknowledged.isEmpty()) {
            return Finding.of(PROMISE, Ruling.VACUOUS, "No client's write was acknowledged.");
        }
        List<Trial> trials = trials(run);
        long judged =
                trials.stream().filter(trial -> trial.promise().isPresent()).count();
        List<Evidence> tooLong = new ArrayList<>();
        long longest = 0;
        Optional<Pause> unpromised = Optional.empty();
        for (Pause pause : pauses(run, acknowledged)) {
            List<Trial> causes = causes(pause, trials);
            Optional<Allowance> allowance = allowance(pause, causes);
            longest = Math.max(longest, allowance.map(Allowance::counted).orElse(0L));
            if (!causes.isEmpty()
                    && allowance.isEmpty()
                    && unpromised.map(Pause::nanos).orElse(0L) < pause.nanos()) {
                unpromised = Optional.of(pause);
            }
            allowance.filter(Allowance::isExceeded).ifPresent(exceeded -> tooLong.add(pause.evidence(exceeded)));
        }
        if (!tooLong.isEmpty()) {
            return new Finding(
                    PROMISE,
                    Ruling.BROKEN,
                    tooLong.size() == 1
                            ? tooLong.get(0).what()
                            : Text.count(tooLong.size(), "time", "times")
                                    + " writes stopped for longer than promised; the first: "
                                    + tooLong.get(0).what(),
                    tooLong);
        }
        if (judged == 0) {
            return Finding.of(PROMISE, Ruling.VACUOUS, "No fault was made for which a write outage is promised.");
        }
        return Finding.of(
                PROMISE,
                Ruling.KEPT,
                "Writes stopped for at most " + Text.millis(longest) + ", after "
                        + Text.count(judged, "fault", "faults") + "; that is within what is promised."
                        + besides(unpromised, longest, trials));
    }

    /** A longer pause that is held against nobody is told all the same. */
    private static String besides(Optional<Pause> unpromised, long longest, List<Trial> trials) {
        return unpromised
                .filter(pause -> pause.nanos() > longest)
                .map(pause -> " Left out is one of " + Text.millis(pause.nanos()) + " until " + Text.seconds(pause.to())
                        + ": no outage is promised for "
                        + names(causes(pause, trials).stream()
                                .filter(trial -> trial.promise().isEmpty())
                                .toList())
                        + ".")
                .orElse("");
    }

    private static String names(List<Trial> trials) {
        return trials.stream()
                .map(Trial::fault)
                .map(fault -> "the fault " + fault.id() + " (" + fault.kind() + " on " + fault.resolved() + ")")
                .collect(Collectors.joining(" and "));
    }

    private static List<Trial> trials(RunRecord run) {
        return run.faults().stream()
                .map(fault -> new Trial(fault, run.over(fault), run.promise(fault.faultClass())))
                .toList();
    }

    /** The faults that may have caused a pause. */
    private static List<Trial> causes(Pause pause, List<Trial> trials) {
        List<Trial> begun = trials.stream()
                .filter(trial -> trial.fault().at() <= pause.to())
                .toList();
        List<Trial> causes = begun.stream()
                .filter(trial -> trial.fault().at() >= pause.from() || trial.over() >= pause.from())
                .toList();
        if (causes.isEmpty() && !begun.isEmpty()) {
            return List.of(begun.get(begun.size() - 1));
        }
        return causes;
    }

    /** What a pause is held against; empty if no fault can have caused it, or nothing is promised for one that can. */
    private static Optional<Allowance> allowance(Pause pause, List<Trial> causes) {
        if (causes.isEmpty()
                || causes.stream().anyMatch(trial -> trial.promise().isEmpty())) {
            return Optional.empty();
        }
        long excused = causes.stream()
                .filter(Trial::mayStopWritesWhileItLasts)
                .mapToLong(trial -> trial.passed(pause))
                .max()
                .orElse(0);
        Duration promised = causes.stream()
                .flatMap(trial -> trial.promise().stream())
                .map(Promise::writeOutage)
                .reduce(Duration.ZERO, Duration::plus);
        return Optional.of(new Allowance(names(causes), pause.nanos() - excused, promised));
    }

    private static List<Pause> pauses(RunRecord run, List<Write> acknowledged) {
        List<Pause> pauses = new ArrayList<>();
        for (int i = 1; i < acknowledged.size(); i++) {
            Write before = acknowledged.get(i - 1);
            Write after = acknowledged.get(i);
            pauses.add(new Pause(before.completed(), after.completed(), Optional.of(before), Optional.of(after)));
        }
        Write last = acknowledged.get(acknowledged.size() - 1);
        OptionalLong end = run.events(RunEvent.Progress.class)
                .mapToLong(RunEvent.Progress::at)
                .filter(at -> at > last.completed())
                .max();
        end.ifPresent(at -> pauses.add(new Pause(last.completed(), at, Optional.of(last), Optional.empty())));
        return pauses;
    }

    private static List<Outage> outages(RunRecord run) {
        List<Step> steps = run.events(RunEvent.Journal.class)
                .map(RunEvent.Journal::entry)
                .map(entry -> new Step(at(entry, run.history().anchor()), entry))
                .sorted(Comparator.comparingLong(Step::at))
                .toList();
        return Failover.of(run).stream()
                .map(failover -> outage(failover, steps))
                .toList();
    }

    private static long at(JournalEntry entry, TimeAnchor anchor) {
        return anchor.nanos(entry.at());
    }

    /** A journal entry at the run's own time. */
    private record Step(long at, JournalEntry entry) {

        boolean is(String member, Milestone... milestones) {
            return entry.member().equals(member) && List.of(milestones).contains(entry.milestone());
        }
    }

    private static Outage outage(Failover failover, List<Step> steps) {
        long begin = failover.from().last().completed();
        // Where two timelines overlap writes never stopped; the single-writer checker has more to say of that.
        long end = Math.max(begin, failover.to().certainFrom());
        return new Outage(
                failover.cause().map(FaultMade::id).orElse(""),
                failover.cause().map(FaultMade::faultClass),
                failover.from().node(),
                failover.from().timeline(),
                failover.to().node(),
                failover.to().timeline(),
                begin,
                end,
                parts(failover, steps, begin, end));
    }

    private static Map<Part, Long> parts(Failover failover, List<Step> steps, long begin, long end) {
        String oldNode = failover.from().node();
        String newNode = failover.to().node();
        long from = failover.cause()
                .map(FaultMade::at)
                .map(at -> Math.min(at, begin))
                .orElse(begin);
        List<Step> window = steps.stream()
                .filter(step -> step.at() >= from && step.at() <= end)
                .toList();
        OptionalLong promoted = first(window, step -> step.is(newNode, Milestone.PROMOTED));
        OptionalLong elected = first(window, step -> step.is(newNode, Milestone.ELECTED));
        if (promoted.isEmpty() && elected.isEmpty()) {
            return Map.of();
        }
        long chosen = elected.orElse(promoted.orElse(end));
        OptionalLong detected = first(
                window,
                step -> step.is(oldNode, Milestone.FAILURE_DETECTED, Milestone.DEMOTED)
                        || step.entry().milestone() == Milestone.VACANCY_SEEN);
        OptionalLong fenced = window.stream()
                .filter(step -> step.is(oldNode, Milestone.FENCED, Milestone.LEASE_RELEASED) && step.at() <= chosen)
                .mapToLong(Step::at)
                .max();
        Map<Part, Long> boundaries = new EnumMap<>(Part.class);
        detected.ifPresent(at -> boundaries.put(Part.DETECT, at));
        fenced.ifPresent(at -> boundaries.put(Part.FENCE, at));
        elected.ifPresent(at -> boundaries.put(Part.DECIDE, at));
        promoted.ifPresent(at -> boundaries.put(Part.PROMOTE, at));
        first(window, step -> step.is(newNode, Milestone.OPENED)).ifPresent(at -> boundaries.put(Part.OPEN, at));
        boundaries.put(Part.REROUTE, end);
        Map<Part, Long> parts = new EnumMap<>(Part.class);
        long previous = begin;
        for (Part part : Part.values()) {
            long boundary = Math.max(previous, Math.min(boundaries.getOrDefault(part, previous), end));
            parts.put(part, boundary - previous);
            previous = boundary;
        }
        return parts;
    }

    private static OptionalLong first(List<Step> steps, Predicate<Step> which) {
        return steps.stream().filter(which).mapToLong(Step::at).findFirst();
    }
}
