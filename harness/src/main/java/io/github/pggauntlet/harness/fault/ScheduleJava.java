package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import java.util.stream.Collectors;

/** Schedules as Java, ready to be put into a test. */
public final class ScheduleJava {

    private ScheduleJava() {}

    /** An expression of the type {@link FaultSchedule}. */
    public static String expression(FaultSchedule schedule) {
        return schedule.steps().stream()
                .map(ScheduleJava::step)
                .collect(Collectors.joining(",\n", "new FaultSchedule(List.of(\n", "))"));
    }

    private static String step(Step step) {
        return "        new FaultSchedule.Step(FaultKind." + step.kind().name() + ", FaultSchedule.Victim."
                + step.victim().name() + ", FaultSchedule.Moment."
                + step.moment().name() + ", " + step.writes()
                + ", Duration.ofMillis(" + step.lasts().toMillis() + "), Duration.ofMillis("
                + step.latency().toMillis() + "))";
    }
}
