package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import java.util.List;
import java.util.Map;

/** A schedule of faults as a story. The command line has it as a way to play {@code random-faults}. */
public final class PlayedSchedule implements Scenario {

    /** What the note in the record begins with that holds the schedule. */
    public static final String SAID = "The schedule: ";

    /** The parameter that holds it. */
    public static final String SCHEDULE = "schedule";

    @Override
    public String name() {
        return "random-faults";
    }

    @Override
    public String description() {
        return "the faults of a schedule";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter(SCHEDULE, "", "the schedule, as JSON"));
    }

    @Override
    public void validate(Map<String, String> parameters, int machines) {
        if (machines < 2) {
            throw new IllegalArgumentException("A primary and a standby take two machines, not " + machines + ".");
        }
        new FaultScheduleJson().read(parameters.getOrDefault(SCHEDULE, ""));
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        play(stage, new FaultScheduleJson().read(stage.parameters().getOrDefault(SCHEDULE, "")));
    }

    /** Plays a schedule, and notes which. */
    public static void play(Stage stage, FaultSchedule schedule) throws InterruptedException {
        stage.note(SAID + new FaultScheduleJson().write(schedule));
        int made = new SchedulePlayer(stage).play(schedule);
        stage.note(made + " of " + schedule.steps().size() + " faults were made.");
    }
}
