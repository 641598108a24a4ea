package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.fault.FaultKind.Nature;
import io.github.pggauntlet.harness.fault.FaultKind.Reach;
import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultSchedule.Victim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Draws schedules by lot, against a model of the cluster and not against the cluster itself, so that a seed always gives the
 * same schedule. Pure; the random generator is its only state.
 *
 * <p>What a strategy promises is promised for one fault, so at most one member at a time is away until somebody heals it. What
 * comes on top of that is biased to the moments at which strategies are known to fail: the promotion, the return of the one
 * that had failed, a link that is bad already. There it is something that is over at once, or under which everybody goes on.
 */
public final class ScheduleGenerator {

    /** Of ten faults so many come at a moment that another has made delicate, where one has. */
    private static final int DELICATE_OF_TEN = 4;

    private static final int MOST_WRITES = 250;
    private static final long SHORTEST_MILLIS = 300;

    /** Longer than any lease in use, and its double, so that what must happen happens. */
    private static final long LONGEST_MILLIS = 7_000;

    private static final int MOST_LATENCY_MILLIS = 400;

    /** Drawn unless others are asked for: no strategy makes good a disk that lies. */
    private static final Set<FaultKind> UNUSUAL =
            EnumSet.of(FaultKind.SQUEEZE_HOST, FaultKind.FILL_DISK, FaultKind.REMOVE_WAL, FaultKind.DAMAGE_PAGE);

    private final Terrain terrain;
    private final List<FaultKind> kinds;
    private final SplittableRandom random;

    /**
     * @param terrain the cluster
     * @param wanted the kinds to choose from
     * @param random where everything that is drawn by lot comes from
     * @throws IllegalArgumentException if none of them can be made in such a cluster
     */
    public ScheduleGenerator(Terrain terrain, Set<FaultKind> wanted, SplittableRandom random) {
        this.terrain = terrain;
        this.kinds = wanted.stream().filter(kind -> kind.fits(terrain)).sorted().toList();
        this.random = random;
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "None of the faults wanted can be made in this cluster: " + wanted + ".");
        }
    }

    /** The kinds that are usual, can be made in such a cluster, and for which its strategy promises something. */
    public static Set<FaultKind> promised(Terrain terrain) {
        Set<FaultKind> promised = EnumSet.noneOf(FaultKind.class);
        Arrays.stream(FaultKind.values())
                .filter(kind -> !UNUSUAL.contains(kind))
                .filter(kind -> kind.fits(terrain) && terrain.promised().contains(kind.faultClass()))
                .forEach(promised::add);
        return promised;
    }

    /** A schedule of so many faults. */
    public FaultSchedule generate(int faults) {
        List<Step> steps = new ArrayList<>();
        Optional<Step> away = Optional.empty();
        while (steps.size() < faults) {
            Optional<Step> last = steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
            boolean delicate = random.nextInt(10) < DELICATE_OF_TEN;
            Optional<Step> drawn = delicate && last.isPresent() ? delicate(last.get(), away) : Optional.empty();
            Step step = drawn.orElseGet(this::calm);
            if (step.moment() == Moment.WHOLE || step.moment() == Moment.AT_REJOIN) {
                away = Optional.empty();
            }
            if (step.kind().nature() == Nature.DOWN) {
                away = Optional.of(step);
            }
            steps.add(step);
        }
        return new FaultSchedule(steps);
    }

    private Step calm() {
        FaultKind kind = kinds.get(random.nextInt(kinds.size()));
        return step(kind, victim(kind), Moment.WHOLE);
    }

    private Victim victim(FaultKind kind) {
        return switch (kind.reach()) {
            case PRIMARY, CLUSTER -> Victim.PRIMARY;
            case STANDBY -> Victim.STANDBY;
            // A primary's failure is the more interesting one.
            case EITHER -> random.nextInt(3) == 0 ? Victim.STANDBY : Victim.PRIMARY;
        };
    }

    /** A fault at a moment that the last one makes delicate, if there is one that the promise covers. */
    private Optional<Step> delicate(Step last, Optional<Step> away) {
        boolean endsPrimary = last.victim() == Victim.PRIMARY && isCrash(last.kind());
        if (last.moment() != Moment.WHOLE) {
            return Optional.empty();
        }
        if (endsPrimary && random.nextBoolean()) {
            // Who was primary is away or on its way back; with two machines nobody is left if it does not come by
            // itself.
            boolean spare = away.isEmpty() || terrain.machines() > 2;
            return draw(kind -> spare ? isQuickCrash(kind) : kind.nature() == Nature.SOFT)
                    .map(kind -> step(
                            kind,
                            kind.reach() == Reach.STANDBY ? Victim.STANDBY : Victim.PRIMARY,
                            Moment.AT_PROMOTION));
        }
        if (isCrash(last.kind())) {
            return draw(ScheduleGenerator::isQuickCrash).map(kind -> step(kind, Victim.LAST_HIT, Moment.AT_REJOIN));
        }
        if (last.kind().nature() == Nature.SOFT) {
            return draw(kind -> isCrash(kind) && kind != last.kind())
                    .map(kind -> step(kind, victim(kind), Moment.TOGETHER));
        }
        return Optional.empty();
    }

    private Optional<FaultKind> draw(java.util.function.Predicate<FaultKind> which) {
        List<FaultKind> fitting = kinds.stream().filter(which).toList();
        return fitting.isEmpty() ? Optional.empty() : Optional.of(fitting.get(random.nextInt(fitting.size())));
    }

    /** Whether it ends a member's PostgreSQL, whatever it is. */
    private static boolean isCrash(FaultKind kind) {
        return isQuickCrash(kind) || kind == FaultKind.KILL_HOST || kind == FaultKind.STOP_HOST;
    }

    private static boolean isQuickCrash(FaultKind kind) {
        return kind == FaultKind.KILL_POSTMASTER || kind == FaultKind.KILL_AGENT || kind == FaultKind.RESTART_HOST;
    }

    private Step step(FaultKind kind, Victim victim, Moment moment) {
        int writes = 20 + random.nextInt(MOST_WRITES);
        // The square makes short ones more frequent: shorter than a lease, about as long, and longer.
        double share = random.nextDouble();
        long lasts = SHORTEST_MILLIS + Math.round(share * share * (LONGEST_MILLIS - SHORTEST_MILLIS));
        int latency = 2 + random.nextInt(MOST_LATENCY_MILLIS);
        return new Step(kind, victim, moment, writes, Duration.ofMillis(lasts), Duration.ofMillis(latency));
    }
}
