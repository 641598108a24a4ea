package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the stories of two machines that pass a virtual address between them have in common. Trouble lasts for longer than
 * either machine takes to count the other as dead.
 */
abstract class AddressStory extends ClusterStory {

    /** How long the trouble lasts. */
    static final String SECONDS = "seconds";

    /** Two masters of one address have to hear each other a few times before one of them gives way. */
    static final Duration MEETING = Duration.ofSeconds(8);

    private static final int MOST_SECONDS = 600;

    AddressStory(String name, String description) {
        super(name, "for strategies with a virtual address: " + description, 2);
    }

    @Override
    public final List<Parameter> parameters() {
        return List.of(new Parameter(
                SECONDS, "12", "for how many seconds the trouble lasts; longer than a machine takes to count as dead"));
    }

    @Override
    public final void validate(Map<String, String> parameters, int machines) {
        seconds(parameters);
        if (machines != 2) {
            throw new IllegalArgumentException("An address is passed between two machines, not " + machines + ".");
        }
    }

    /** How long the trouble lasts, as the parameters have it. */
    static Duration seconds(Map<String, String> parameters) {
        String text = parameters.getOrDefault(SECONDS, "");
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_SECONDS) {
            throw new IllegalArgumentException(
                    "The trouble lasts between 1 and " + MOST_SECONDS + " s; '" + text + "' is no such number.");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    @Override
    public final void play(Stage stage) throws InterruptedException {
        NodeStatus primary = begin(stage);
        String standby = others(stage, primary.member()).get(0);
        trouble(stage, primary.member(), standby, seconds(stage.parameters()));
        stage.phase("the trouble is over");
        end(stage);
    }

    /** The trouble, from the first fault to the last heal. */
    abstract void trouble(Stage stage, String primary, String standby, Duration time) throws InterruptedException;
}
