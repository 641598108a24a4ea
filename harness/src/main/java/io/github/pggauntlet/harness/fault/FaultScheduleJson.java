package io.github.pggauntlet.harness.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schedules as JSON, and back. */
public final class FaultScheduleJson {

    private static final String STEPS = "steps";

    private final JsonMapper json = JsonMapper.builder().build();

    /** A schedule on one line. */
    public String write(FaultSchedule schedule) {
        ObjectNode root = json.createObjectNode();
        ArrayNode steps = root.putArray(STEPS);
        for (FaultSchedule.Step step : schedule.steps()) {
            steps.addObject()
                    .put("kind", step.kind().id())
                    .put("victim", id(step.victim()))
                    .put("moment", id(step.moment()))
                    .put("writes", step.writes())
                    .put("lasts_ms", step.lasts().toMillis())
                    .put("latency_ms", step.latency().toMillis());
        }
        return json.writeValueAsString(root);
    }

    /**
     * Reads what {@link #write} has written, or a person.
     *
     * @throws IllegalArgumentException if it is no schedule; the message says why
     */
    public FaultSchedule read(String text) {
        try {
            JsonNode steps = json.readTree(text).path(STEPS);
            if (!steps.isArray()) {
                throw new IllegalArgumentException("A schedule has an array of " + STEPS + "; this has none.");
            }
            List<FaultSchedule.Step> read = new ArrayList<>();
            for (JsonNode step : steps) {
                read.add(new FaultSchedule.Step(
                        FaultKind.of(word(step, "kind")),
                        oneOf(FaultSchedule.Victim.class, word(step, "victim")),
                        oneOf(FaultSchedule.Moment.class, word(step, "moment")),
                        (int) number(step, "writes", 100),
                        Duration.ofMillis(number(step, "lasts_ms", 3000)),
                        Duration.ofMillis(number(step, "latency_ms", 100))));
            }
            return new FaultSchedule(read);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "That is no JSON: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    private static String word(JsonNode step, String name) {
        JsonNode value = step.path(name);
        if (!value.isString()) {
            throw new IllegalArgumentException("A step of a schedule says its " + name + "; this does not: " + step);
        }
        return value.stringValue();
    }

    private static long number(JsonNode step, String name, long standard) {
        JsonNode value = step.path(name);
        if (value.isMissingNode()) {
            return standard;
        }
        if (!value.isIntegralNumber() || value.longValue() < 0 || value.longValue() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("The " + name + " of a step is a number, not " + value + ".");
        }
        return value.longValue();
    }

    private static String id(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, String id) {
        for (E value : type.getEnumConstants()) {
            if (id(value).equals(id)) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                "'" + id + "' is no " + type.getSimpleName().toLowerCase(Locale.ROOT) + " of a step.");
    }
}
