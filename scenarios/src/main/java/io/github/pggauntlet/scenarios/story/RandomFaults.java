package io.github.pggauntlet.scenarios.story;

import io.github.pggauntlet.harness.fault.FaultKind;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.fault.ScheduleGenerator;
import io.github.pggauntlet.harness.fault.Terrain;
import io.github.pggauntlet.harness.run.PlayedSchedule;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Faults drawn by lot, one after the other on one cluster and under load: most when everybody is redundant again, some at the
 * moment of a promotion, on the member that is just coming back, or on top of a link that is slow already. At most one member at
 * a time is away until it is healed, as the promises cover. In the end all is healed and everybody has to be redundant again.
 *
 * <p>The same seed draws the same schedule; the schedule is in the record, and can be played again from a file.
 */
public final class RandomFaults implements Scenario {

    /** What the note in the record begins with that holds the schedule. */
    public static final String SAID = PlayedSchedule.SAID;

    static final String FAULTS = "faults";
    static final String KINDS = "kinds";
    static final String SCHEDULE = PlayedSchedule.SCHEDULE;

    private static final String PROMISED = "promised";
    private static final int MOST_FAULTS = 1000;

    @Override
    public String name() {
        return "random-faults";
    }

    @Override
    public String description() {
        return "faults drawn by lot, also at the moment of a promotion and on the member that is just coming back";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(FAULTS, "20", "how many"),
                new Parameter(
                        KINDS,
                        PROMISED,
                        "which, by their names in 'list faults', joined by commas; 'promised': all for which the strategy"
                                + " promises something"),
                new Parameter(SCHEDULE, "", "a schedule to play instead, or a file with one"));
    }

    @Override
    public void validate(Map<String, String> parameters, int machines) {
        faults(parameters);
        String schedule = parameters.getOrDefault(SCHEDULE, "");
        if (!schedule.isEmpty()) {
            read(schedule);
        }
        if (!parameters.getOrDefault(KINDS, PROMISED).equals(PROMISED)) {
            kinds(parameters);
        }
        if (machines < 2) {
            throw new IllegalArgumentException("A primary and a standby take two machines, not " + machines + ".");
        }
    }

    private static int faults(Map<String, String> parameters) {
        String text = parameters.getOrDefault(FAULTS, "");
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_FAULTS) {
            throw new IllegalArgumentException(
                    "The number of faults lies between 1 and " + MOST_FAULTS + "; '" + text + "' does not.");
        }
        return Integer.parseInt(text);
    }

    private static Set<FaultKind> kinds(Map<String, String> parameters) {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        Arrays.stream(parameters.getOrDefault(KINDS, "").split(",", -1))
                .map(String::strip)
                .map(FaultKind::of)
                .forEach(kinds::add);
        return kinds;
    }

    private static FaultSchedule read(String file) {
        if (file.startsWith("{")) {
            return new FaultScheduleJson().read(file);
        }
        try {
            return new FaultScheduleJson().read(Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new IllegalArgumentException("The schedule " + file + " cannot be read: " + e + ".", e);
        }
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        PlayedSchedule.play(stage, schedule(stage));
    }

    private static FaultSchedule schedule(Stage stage) {
        Map<String, String> parameters = stage.parameters();
        String file = parameters.getOrDefault(SCHEDULE, "");
        if (!file.isEmpty()) {
            return read(file);
        }
        Terrain terrain = stage.terrain();
        Set<FaultKind> kinds = parameters.getOrDefault(KINDS, PROMISED).equals(PROMISED)
                ? ScheduleGenerator.promised(terrain)
                : kinds(parameters);
        return new ScheduleGenerator(terrain, kinds, stage.random()).generate(faults(parameters));
    }
}
