package io.github.pggauntlet.reports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a report says of a run's plan. Plans may hold more than is known here: what is known is picked out, all of it is
 * shown.
 *
 * @param strategy the strategy's name; empty if the plan does not say
 * @param scenario the scenario's name; empty if the plan does not say
 * @param durability the durability mode; empty if the plan does not say
 * @param seed the seed; empty if the plan does not say
 * @param versions the version of each part, by its name
 * @param again the command that runs the plan again
 * @param text the whole plan, for people
 */
public record PlanFacts(
        String strategy,
        String scenario,
        String durability,
        String seed,
        Map<String, String> versions,
        String again,
        String text) {

    /** Options of {@code gauntlet run} that go without saying at these values. */
    private static final Map<String, String> DEFAULTS =
            Map.of("machines", "2", "postgres", "17", "sessions", "8", "rate", "0");

    public PlanFacts {
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }

    /**
     * Reads a plan.
     *
     * <p>A field {@code command}, a string or an array of arguments, is the command to run the plan again. Without one it is
     * made from what decides a run: the names, the scenario's parameters, the seed, and what differs from the defaults.
     *
     * @throws IllegalArgumentException if the text is not a JSON object
     */
    static PlanFacts parse(String text) {
        JsonMapper mapper = new JsonMapper();
        try {
            JsonNode root = mapper.readTree(text);
            if (!root.isObject()) {
                throw new IllegalArgumentException("the plan is not a JSON object.");
            }
            Map<String, String> versions = new TreeMap<>();
            root.path("versions").properties().forEach(entry -> versions.put(entry.getKey(), simple(entry.getValue())));
            JsonNode plan = root.path("plan").isObject() ? root.path("plan") : root;
            return new PlanFacts(
                    simple(plan.path("strategy")),
                    simple(plan.path("scenario")),
                    durability(plan),
                    simple(plan.path("seed")),
                    versions,
                    written(root).orElseGet(() -> made(plan)),
                    mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the plan is not JSON: " + e.getOriginalMessage() + ".", e);
        }
    }

    /** A plan of which nothing is known. */
    static PlanFacts unknown(String text) {
        return new PlanFacts("", "", "", "", Map.of(), "", text);
    }

    /** A simple value, or the name of the thing that an object describes. */
    private static String simple(JsonNode node) {
        if (node.isObject()) {
            return simple(node.path("name"));
        }
        return node.isValueNode() && !node.isNull() ? node.asString() : "";
    }

    private static Optional<String> written(JsonNode root) {
        JsonNode command = root.path("command");
        if (command.isString() && !command.stringValue().isBlank()) {
            return Optional.of(command.stringValue());
        }
        if (!command.isArray() || command.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(Shell.quoted(simple(word))));
        return Optional.of(String.join(" ", words));
    }

    private static String durability(JsonNode plan) {
        return simple(plan.path("durability")).toLowerCase(Locale.ROOT);
    }

    private static String made(JsonNode plan) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("strategy", simple(plan.path("strategy")));
        options.put("durability", durability(plan));
        options.put("scenario", simple(plan.path("scenario")));
        plan.path("parameters")
                .properties()
                .forEach(parameter -> options.put(parameter.getKey(), simple(parameter.getValue())));
        options.put("seed", simple(plan.path("seed")));
        for (String name : List.of("machines", "postgres", "sessions", "rate")) {
            String value = simple(plan.path(name)).replaceAll("\\.0$", "");
            if (!value.equals(DEFAULTS.get(name))) {
                options.put(name, value);
            }
        }
        List<String> words = new ArrayList<>(List.of("./gauntlet", "run"));
        options.forEach((name, value) -> {
            if (!value.isEmpty()) {
                words.add(Shell.quoted("--" + name));
                words.add(Shell.quoted(value));
            }
        });
        return String.join(" ", words);
    }
}
