package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.Outage.Part;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.strategy.FaultClass;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The content of {@code verdict.json}, as text. Immutable and pure; files are others' business. */
public final class VerdictJson {

    private static final String VERDICT = "verdict";
    private static final double NANOS_PER_MILLI = 1e6;

    private final JsonMapper mapper = new JsonMapper();

    /** Writes a verdict as one JSON object over several lines. */
    public String write(Verdict verdict) {
        ObjectNode root = mapper.createObjectNode();
        root.put(VERDICT, verdict.verdict().id());
        ArrayNode promises = root.putArray("promises");
        verdict.promises().forEach(finding -> finding(finding, promises.addObject()));
        root.put("acknowledged", verdict.acknowledged());
        root.put("unknown", verdict.unknown());
        root.put("failed", verdict.failed());
        root.put("lost", verdict.lost());
        root.put("failovers", verdict.failovers());
        ObjectNode rejoins = root.putObject("rejoins");
        verdict.rejoins().forEach(rejoins::put);
        root.put("writers_max", verdict.writersMax());
        outages(verdict, root.putObject("write_outage_ms"));
        root.put("seed", verdict.run().seed());
        root.put("strategy", verdict.run().strategy());
        root.put("scenario", verdict.run().scenario());
        ObjectNode versions = root.putObject("versions");
        verdict.run().versions().forEach(versions::put);
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void finding(Finding finding, ObjectNode node) {
        node.put("promise", finding.promise());
        node.put("outcome", finding.outcome().id());
        node.put("sentence", finding.sentence());
        ArrayNode evidence = node.putArray("evidence");
        for (Evidence each : finding.evidence()) {
            ObjectNode item = evidence.addObject();
            item.put("what", each.what());
            ArrayNode writes = item.putArray("operations");
            each.writes().forEach(write -> write(write, writes.addObject()));
        }
    }

    private static void write(Write write, ObjectNode node) {
        node.put("id", write.id());
        node.put("session", write.session());
        node.put("kind", lower(write.kind()));
        node.put("key", write.firstKey());
        node.put("keys", write.keys());
        node.put("invoked", write.invoked());
        node.put("completed", write.completed());
        node.put("outcome", lower(write.outcome()));
        node.put("sqlstate", write.sqlState());
        node.put("node", write.node());
        node.put("timeline", write.timeline());
        node.put("detail", write.detail());
    }

    private static void outages(Verdict verdict, ObjectNode node) {
        ArrayNode list = node.putArray("list");
        verdict.outages().forEach(outage -> list.add(outage.millis()));
        percentile(node, "p50", verdict.outageMillis(0.5));
        percentile(node, "p99", verdict.outageMillis(0.99));
        ArrayNode parts = node.putArray("parts");
        for (Outage outage : verdict.outages()) {
            ObjectNode item = parts.addObject();
            for (Map.Entry<Part, Long> part : outage.parts().entrySet()) {
                item.put(part.getKey().id(), part.getValue() / NANOS_PER_MILLI);
            }
        }
        ArrayNode failovers = node.putArray("failovers");
        for (Outage outage : verdict.outages()) {
            ObjectNode item = failovers.addObject();
            item.put("fault", outage.fault());
            outage.faultClass().ifPresent(fault -> item.put("class", lower(fault)));
            item.put("from", outage.fromNode());
            item.put("from_timeline", outage.fromTimeline());
            item.put("to", outage.toNode());
            item.put("to_timeline", outage.toTimeline());
            item.put("last_acknowledged", outage.lastAcknowledged());
            item.put("first_acknowledged", outage.firstAcknowledged());
        }
    }

    private static void percentile(ObjectNode node, String name, OptionalDouble value) {
        if (value.isPresent()) {
            node.put(name, value.getAsDouble());
        } else {
            node.putNull(name);
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if the text is not a verdict; the message says what is wrong
     */
    public Verdict read(String text) {
        try {
            JsonNode root = mapper.readTree(text);
            if (!root.isObject() || !root.has(VERDICT)) {
                throw new IllegalArgumentException("This is not a verdict: it has no field '" + VERDICT + "'.");
            }
            return new Verdict(
                    Ruling.of(root.required(VERDICT).asString()),
                    list(root.required("promises"), VerdictJson::finding),
                    root.required("acknowledged").asLong(),
                    root.required("unknown").asLong(),
                    root.required("failed").asLong(),
                    root.required("lost").asLong(),
                    root.required("failovers").asInt(),
                    rejoins(root.required("rejoins")),
                    root.required("writers_max").asInt(),
                    outages(root.required("write_outage_ms")),
                    new Verdict.RunFacts(
                            root.required("seed").asLong(),
                            root.required("strategy").asString(),
                            root.required("scenario").asString(),
                            versions(root.required("versions"))));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("This is not a verdict: " + e.getOriginalMessage() + ".", e);
        }
    }

    private static Finding finding(JsonNode node) {
        return new Finding(
                node.required("promise").asString(),
                Ruling.of(node.required("outcome").asString()),
                node.required("sentence").asString(),
                list(
                        node.required("evidence"),
                        item -> new Evidence(
                                item.required("what").asString(),
                                list(item.required("operations"), VerdictJson::write))));
    }

    private static Write write(JsonNode node) {
        return new Write(
                node.required("id").asLong(),
                node.required("session").asInt(),
                SessionKind.valueOf(upper(node.required("kind"))),
                node.required("key").asLong(),
                node.required("keys").asInt(),
                node.required("invoked").asLong(),
                node.required("completed").asLong(),
                Outcome.valueOf(upper(node.required("outcome"))),
                node.required("sqlstate").asString(),
                node.required("node").asString(),
                node.required("timeline").asInt(),
                node.required("detail").asString());
    }

    private static List<Outage> outages(JsonNode node) {
        List<Outage> outages = new ArrayList<>();
        JsonNode parts = node.required("parts");
        for (JsonNode item : node.required("failovers")) {
            Map<Part, Long> durations = new EnumMap<>(Part.class);
            JsonNode mine = parts.required(outages.size());
            for (Part part : Part.values()) {
                if (mine.has(part.id())) {
                    durations.put(part, Math.round(mine.required(part.id()).asDouble() * NANOS_PER_MILLI));
                }
            }
            outages.add(new Outage(
                    item.required("fault").asString(),
                    item.has("class")
                            ? Optional.of(FaultClass.valueOf(upper(item.required("class"))))
                            : Optional.empty(),
                    item.required("from").asString(),
                    item.required("from_timeline").asInt(),
                    item.required("to").asString(),
                    item.required("to_timeline").asInt(),
                    item.required("last_acknowledged").asLong(),
                    item.required("first_acknowledged").asLong(),
                    durations));
        }
        return outages;
    }

    private static SortedMap<String, Integer> rejoins(JsonNode node) {
        SortedMap<String, Integer> rejoins = new TreeMap<>();
        node.properties()
                .forEach(entry -> rejoins.put(entry.getKey(), entry.getValue().asInt()));
        return rejoins;
    }

    private static SortedMap<String, String> versions(JsonNode node) {
        SortedMap<String, String> versions = new TreeMap<>();
        node.properties()
                .forEach(entry -> versions.put(entry.getKey(), entry.getValue().asString()));
        return versions;
    }

    private static <T> List<T> list(JsonNode node, Function<JsonNode, T> element) {
        List<T> list = new ArrayList<>();
        node.forEach(item -> list.add(element.apply(item)));
        return list;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String upper(JsonNode node) {
        return node.asString().toUpperCase(Locale.ROOT);
    }
}
