package io.github.pggauntlet.harness.run;

import java.util.List;
import java.util.Map;

/**
 * A story that a cluster goes through under load. Found by {@link java.util.ServiceLoader}. Implementations are immutable.
 */
public interface Scenario {

    /** The name by which users choose it, for example {@code crash-cycle}. */
    String name();

    /** One sentence that tells a user what happens. */
    String description();

    /** What can be set, and to what it is set otherwise. */
    List<Parameter> parameters();

    /**
     * Something that can be set.
     *
     * @param name its name
     * @param standard its value if nothing is said
     * @param meaning what it means, in half a sentence
     */
    record Parameter(String name, String standard, String meaning) {}

    /**
     * Says whether the scenario can be played so.
     *
     * @throws IllegalArgumentException if it cannot; the message says why and what to do
     */
    void validate(Map<String, String> parameters, int machines);

    /**
     * Plays the story. When it returns, or throws, the run heals what is still broken and examines the cluster.
     *
     * @throws StoryStuck if the cluster did not do within the time allowed what the story needs to go on
     * @throws InterruptedException if the run is broken off
     */
    void play(Stage stage) throws InterruptedException;
}
