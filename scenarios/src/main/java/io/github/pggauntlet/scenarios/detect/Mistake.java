package io.github.pggauntlet.scenarios.detect;

import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A strategy broken on purpose, and how it is looked for.
 *
 * @param strategy its name
 * @param safeguard the safeguard that it undoes
 * @param failure the failure known from the field that this leads to, by its number in {@code scenarios/docs/stories.md}
 * @param sound the strategy that has the safeguard
 * @param durability the durability in which it is looked for
 * @param machines on how many machines
 * @param scenario the scenario in which it is looked for
 * @param parameters the scenario's parameters
 * @param checkers the promises of which at least one must be found broken
 */
public record Mistake(
        String strategy,
        String safeguard,
        String failure,
        String sound,
        Durability durability,
        int machines,
        String scenario,
        SortedMap<String, String> parameters,
        List<String> checkers) {

    private static final String RANDOM = "random-faults";
    private static final int SESSIONS = 8;

    /** Enough to lose something, and not so much that several runs at a time are in each other's way. */
    private static final double RATE = 500;

    public Mistake {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        checkers = List.copyOf(checkers);
    }

    /** Whether it is looked for with faults that are drawn by lot. */
    public boolean byLot() {
        return scenario.equals(RANDOM) && !parameters.containsKey("schedule");
    }

    /** The plan of a try: the first has the seed itself, each later one a seed that follows from it. */
    RunPlan plan(String whose, long seed, int attempt) {
        long own = attempt == 1
                ? seed
                : new SplittableRandom(new SplittableRandom(seed).nextLong() + attempt).nextInt(1, Integer.MAX_VALUE);
        return plan(whose, scenario, parameters, own);
    }

    /** The plan of a run of this schedule and no other. */
    RunPlan scheduled(String schedule, long seed) {
        return plan(strategy, RANDOM, new TreeMap<>(java.util.Map.of("schedule", schedule)), seed);
    }

    private RunPlan plan(String whose, String story, SortedMap<String, String> with, long seed) {
        return RunPlan.of(whose, durability, story, with, seed)
                .withMachines(machines)
                .withLoad(SESSIONS, RATE);
    }

    /** Scenario, durability and machines in a few words; the same for all that are looked for in the same way. */
    String way() {
        StringBuilder text = new StringBuilder(scenario);
        parameters.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        return text.append(", ")
                .append(durability.id())
                .append(machines == 2 ? "" : ", " + machines + " machines")
                .toString();
    }
}
