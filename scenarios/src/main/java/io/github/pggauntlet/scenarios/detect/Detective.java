package io.github.pggauntlet.scenarios.detect;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.run.RunPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Looks for mistakes, run after run, until they are found or the budget is spent. Safe for use by several threads. */
public final class Detective {

    private static final double NANOS = 1e9;
    private static final int MOST_FAILURES = 2;

    private final Player player;
    private final Path folder;
    private final LongSupplier clock;
    private final Limits limits;

    /** Plays a plan and has it judged. */
    @FunctionalInterface
    public interface Player {
        /**
         * Plays it.
         *
         * @param folder the folder for everything of the run
         * @throws EnvironmentException if the environment fails; nothing is then said of the strategy
         * @throws InterruptedException if it is broken off
         */
        Played play(RunPlan plan, Path folder) throws InterruptedException;
    }

    /**
     * A run that was played.
     *
     * @param verdict what is to be said of it
     * @param schedule the schedule that was drawn by lot or given, if there was one
     * @param faults how many faults were made
     */
    public record Played(Verdict verdict, Optional<FaultSchedule> schedule, int faults) {}

    /**
     * How long to look for one mistake.
     *
     * @param seed the seed from which all others follow
     * @param budget after how long no further try is begun
     * @param tries how many tries there are at most
     * @param reductions how many runs may be spent on making smaller a schedule that was drawn by lot
     */
    public record Limits(long seed, Duration budget, int tries, int reductions) {}

    /**
     * @param player plays the runs
     * @param folder the folder for all of them
     * @param clock nanoseconds that only grow
     * @param limits how long to look
     */
    public Detective(Player player, Path folder, LongSupplier clock, Limits limits) {
        this.player = player;
        this.folder = folder;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Looks for one mistake.
     *
     * @throws EnvironmentException if the environment fails again and again
     * @throws InterruptedException if it is broken off
     */
    public Sighting look(Mistake mistake) throws InterruptedException {
        long begin = clock.getAsLong();
        int tries = 0;
        while (true) {
            tries++;
            RunPlan plan = mistake.plan(mistake.strategy(), limits.seed(), tries);
            Played played = play(plan, mistake.strategy() + "/try-" + tries);
            boolean found = found(mistake, played.verdict());
            boolean spent = tries >= limits.tries()
                    || clock.getAsLong() - begin >= limits.budget().toNanos();
            if (found || spent) {
                double seconds = (clock.getAsLong() - begin) / NANOS;
                String schedule = found && mistake.byLot()
                        ? smallest(mistake, played, plan.seed())
                        : played.schedule().map(Detective::words).orElse(mistake.way());
                return new Sighting(
                        mistake.strategy(),
                        mistake.safeguard(),
                        mistake.failure(),
                        mistake.way(),
                        mistake.byLot(),
                        found,
                        broken(played.verdict()),
                        mistake.checkers(),
                        tries,
                        seconds,
                        schedule,
                        command(plan),
                        said(played.verdict()));
            }
        }
    }

    /** Puts the sound strategy on the schedule by which a mistake is found. */
    public SoundRun sound(Mistake mistake, int attempt) throws InterruptedException {
        RunPlan plan = mistake.plan(mistake.sound(), limits.seed(), attempt);
        Played played = play(plan, mistake.sound() + "-on-" + mistake.strategy() + "/try-" + attempt);
        return new SoundRun(
                mistake.sound(),
                mistake.way(),
                plan.seed(),
                played.verdict().verdict().id(),
                played.faults(),
                played.verdict().failovers(),
                played.verdict().verdict() == Ruling.KEPT ? "" : said(played.verdict()));
    }

    private Played play(RunPlan plan, String name) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return player.play(plan, folder.resolve(name));
            } catch (EnvironmentException e) {
                if (failures == MOST_FAILURES) {
                    throw e;
                }
            }
        }
    }

    /** Each single fault of a schedule is played alone; the first that shows the mistake too is the smallest schedule. */
    private String smallest(Mistake mistake, Played first, long seed) throws InterruptedException {
        List<Step> steps = first.schedule().map(FaultSchedule::steps).orElse(List.of());
        String whole = first.schedule().map(Detective::words).orElse(mistake.way());
        if (steps.size() < 2) {
            return whole;
        }
        int spent = 0;
        for (Step step : steps) {
            if (spent == limits.reductions()) {
                break;
            }
            spent++;
            FaultSchedule alone = new FaultSchedule(List.of(
                    new Step(step.kind(), victim(step), Moment.WHOLE, step.writes(), step.lasts(), step.latency())));
            Played again = play(
                    mistake.scheduled(new FaultScheduleJson().write(alone), seed),
                    mistake.strategy() + "/smaller-" + spent);
            if (found(mistake, again.verdict())) {
                return words(alone);
            }
        }
        return whole;
    }

    private static FaultSchedule.Victim victim(Step step) {
        return step.victim() == FaultSchedule.Victim.LAST_HIT ? FaultSchedule.Victim.PRIMARY : step.victim();
    }

    private static boolean found(Mistake mistake, Verdict verdict) {
        return broken(verdict).stream().anyMatch(mistake.checkers()::contains);
    }

    private static List<String> broken(Verdict verdict) {
        return verdict.promises().stream()
                .filter(finding -> finding.outcome() == Ruling.BROKEN)
                .map(Finding::promise)
                .toList();
    }

    private static String said(Verdict verdict) {
        return verdict.promises().stream()
                .filter(finding -> finding.outcome() == verdict.verdict())
                .map(finding -> finding.promise() + " " + finding.outcome().id() + ": " + finding.sentence())
                .collect(Collectors.joining(" "));
    }

    private static String words(FaultSchedule schedule) {
        return schedule.steps().stream().map(Step::toString).collect(Collectors.joining("; "));
    }

    private static String command(RunPlan plan) {
        return plan.command().stream()
                .map(word -> word.matches("[A-Za-z0-9_./=,:-]+") ? word : "'" + word + "'")
                .collect(Collectors.joining(" "));
    }
}
