package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultSchedule.Victim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks for a small schedule that still breaks a promise, in few tries, since a try on real servers takes half a minute: it drops
 * faults, halves of them first; merges two of a kind; takes machines away; makes moments plain; and shortens. Of each kind of
 * step the boldest is tried first, and what succeeds is where the search goes on.
 *
 * <p>Real runs vary, so a candidate counts if it breaks the promise in at least so many of so many tries; it is given up as soon
 * as it cannot any more. No candidate is tried twice. When the tries are used up, the smallest found so far is the answer.
 *
 * <p>Source of the way faults are dropped: Zeller and Hildebrandt, <a href="https://doi.org/10.1109/32.988498">Simplifying and
 * Isolating Failure-Inducing Input</a> (2002).
 */
public final class ScheduleMinimiser {

    private static final Duration SHORTEST = Duration.ofMillis(300);
    private static final Duration LEAST_LATENCY = Duration.ofMillis(2);
    private static final int FEWEST_WRITES = 20;
    private static final int FEWEST_MACHINES = 2;

    private final Limits limits;
    private final Predicate<Candidate> allowed;
    private final Oracle oracle;
    private final Map<Candidate, Tally> judged = new HashMap<>();
    private int used;

    /**
     * What is tried.
     *
     * @param schedule the schedule
     * @param machines how many machines it is played on
     */
    public record Candidate(FaultSchedule schedule, int machines) {}

    /**
     * How hard it tries.
     *
     * @param wanted in how many tries a candidate has to break the promise, at least 1
     * @param of out of how many
     * @param tries how many tries there are for the whole search
     */
    public record Limits(int wanted, int of, int tries) {
        public Limits {
            if (wanted < 1 || of < wanted || tries < 1) {
                throw new IllegalArgumentException(
                        "A candidate counts if it breaks the promise in k of n tries, 1 <= k <="
                                + " n, and there is at least one try; not " + wanted + " of " + of + ", and " + tries
                                + " tries.");
            }
        }
    }

    /** Plays a candidate once. */
    @FunctionalInterface
    public interface Oracle {
        /**
         * Whether the promise was broken. What could not be concluded was not broken.
         *
         * @throws InterruptedException if it is broken off
         */
        boolean breaks(Candidate candidate) throws InterruptedException;
    }

    /**
     * The answer.
     *
     * @param smallest the smallest candidate that broke the promise
     * @param broken in how many of its tries it did
     * @param of how many tries it had
     * @param tries how many tries the search took
     * @param finished whether nothing smaller was left to try; otherwise the tries were used up
     */
    public record Minimum(Candidate smallest, int broken, int of, int tries, boolean finished) {}

    private record Tally(int broken, int of) {}

    /**
     * @param allowed which candidates may be tried: that they ask for no more than is promised
     * @param oracle what plays a candidate
     */
    public ScheduleMinimiser(Limits limits, Predicate<Candidate> allowed, Oracle oracle) {
        this.limits = limits;
        this.allowed = allowed;
        this.oracle = oracle;
    }

    /**
     * Minimises. For one call.
     *
     * @return nothing if the schedule did not break the promise again often enough
     * @throws InterruptedException if it is broken off
     */
    public Optional<Minimum> minimise(Candidate begin) throws InterruptedException {
        if (!counts(begin)) {
            return Optional.empty();
        }
        Candidate best = begin;
        Optional<Candidate> better = smaller(best);
        while (better.isPresent()) {
            best = better.get();
            better = smaller(best);
        }
        Tally tally = judged.getOrDefault(best, new Tally(0, 0));
        return Optional.of(new Minimum(best, tally.broken(), tally.of(), used, used < limits.tries()));
    }

    private Optional<Candidate> smaller(Candidate than) throws InterruptedException {
        for (Candidate candidate : reductions(than)) {
            if (!judged.containsKey(candidate) && allowed.test(candidate) && counts(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private boolean counts(Candidate candidate) throws InterruptedException {
        int broken = 0;
        int tries = 0;
        while (tries < limits.of()
                && broken < limits.wanted()
                && broken + limits.of() - tries >= limits.wanted()
                && used < limits.tries()) {
            used++;
            tries++;
            broken += oracle.breaks(candidate) ? 1 : 0;
        }
        judged.put(candidate, new Tally(broken, tries));
        return broken >= limits.wanted();
    }

    /** Everything that is a little or much smaller, the boldest first. Each has fewer machines, fewer steps, or less in them. */
    static List<Candidate> reductions(Candidate of) {
        List<Candidate> all = new ArrayList<>();
        List<Step> steps = of.schedule().steps();
        for (int chunk = Math.max(1, steps.size() / 2); chunk >= 1; chunk /= 2) {
            for (int from = steps.size() - chunk; from >= 0; from -= chunk) {
                List<Step> fewer = new ArrayList<>(steps);
                fewer.subList(from, from + chunk).clear();
                add(all, fewer, of.machines());
            }
        }
        for (int i = 0; i + 1 < steps.size(); i++) {
            if (steps.get(i).kind() == steps.get(i + 1).kind()) {
                List<Step> merged = new ArrayList<>(steps);
                Step first = merged.get(i);
                Duration both = first.lasts().plus(merged.remove(i + 1).lasts());
                merged.set(i, lasting(first, both));
                add(all, merged, of.machines());
            }
        }
        for (int machines = FEWEST_MACHINES; machines < of.machines(); machines++) {
            add(all, steps, machines);
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.moment() != Moment.WHOLE) {
                replace(all, of, i, plain(step));
            }
        }
        shorten(all, of);
        return all;
    }

    private static void shorten(List<Candidate> all, Candidate of) {
        List<Step> steps = of.schedule().steps();
        add(all, steps.stream().map(ScheduleMinimiser::shortest).toList(), of.machines());
        for (int i = 0; i < steps.size(); i++) {
            replace(all, of, i, shortest(steps.get(i)));
        }
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            replace(all, of, i, lasting(step, half(step.lasts(), SHORTEST)));
            replace(all, of, i, latency(step, half(step.latency(), LEAST_LATENCY)));
            replace(all, of, i, writes(step, FEWEST_WRITES));
        }
    }

    private static void replace(List<Candidate> all, Candidate of, int at, Step step) {
        List<Step> steps = new ArrayList<>(of.schedule().steps());
        if (!steps.set(at, step).equals(step)) {
            add(all, steps, of.machines());
        }
    }

    private static void add(List<Candidate> all, List<Step> steps, int machines) {
        if (!steps.isEmpty()) {
            List<Step> sound = new ArrayList<>(steps);
            if (sound.get(0).moment() != Moment.WHOLE) {
                sound.set(0, plain(sound.get(0)));
            }
            all.add(new Candidate(new FaultSchedule(sound), machines));
        }
    }

    private static Step plain(Step step) {
        Victim victim = step.victim() == Victim.LAST_HIT ? Victim.PRIMARY : step.victim();
        return new Step(step.kind(), victim, Moment.WHOLE, step.writes(), step.lasts(), step.latency());
    }

    private static Step shortest(Step step) {
        return latency(
                lasting(writes(step, FEWEST_WRITES), least(step.lasts(), SHORTEST)),
                least(step.latency(), LEAST_LATENCY));
    }

    private static Duration half(Duration duration, Duration least) {
        Duration half = duration.dividedBy(2).compareTo(least) < 0 ? least : duration.dividedBy(2);
        return least(duration, half);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Step lasting(Step step, Duration lasts) {
        return new Step(step.kind(), step.victim(), step.moment(), step.writes(), lasts, step.latency());
    }

    private static Step latency(Step step, Duration latency) {
        return new Step(step.kind(), step.victim(), step.moment(), step.writes(), step.lasts(), latency);
    }

    private static Step writes(Step step, int most) {
        return new Step(
                step.kind(), step.victim(), step.moment(), Math.min(step.writes(), most), step.lasts(), step.latency());
    }
}
