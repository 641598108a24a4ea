package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.strategy.HaStrategy;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The strategies and scenarios on the class path. */
public final class Catalogue {

    private final List<HaStrategy> strategies;
    private final List<Scenario> scenarios;

    /** What {@link ServiceLoader} finds. */
    public Catalogue() {
        this.strategies = sorted(ServiceLoader.load(HaStrategy.class), HaStrategy::name);
        this.scenarios = sorted(ServiceLoader.load(Scenario.class), Scenario::name);
    }

    private static <T> List<T> sorted(ServiceLoader<T> loader, Function<T, String> name) {
        return loader.stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(name))
                .toList();
    }

    /** All strategies, by name. */
    public List<HaStrategy> strategies() {
        return strategies;
    }

    /** All scenarios, by name. */
    public List<Scenario> scenarios() {
        return scenarios;
    }

    /**
     * The strategy of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public HaStrategy strategy(String name) {
        return find("strategy", name, strategies, HaStrategy::name);
    }

    /**
     * The scenario of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public Scenario scenario(String name) {
        return find("scenario", name, scenarios, Scenario::name);
    }

    private static <T> T find(String what, String name, List<T> all, Function<T, String> nameOf) {
        return all.stream()
                .filter(one -> nameOf.apply(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no " + what + " '" + name
                        + "'; choose one of: " + all.stream().map(nameOf).collect(Collectors.joining(", ")) + "."));
    }
}
