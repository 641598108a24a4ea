package io.github.pggauntlet.harness.interchange;

import io.github.pggauntlet.harness.interchange.JepsenOperation.Append;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Body;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Micro;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Read;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterCompareAndSet;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterRead;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterWrite;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two forms of a history. Both are written with one operation a line; O(length) each way. */
public enum JepsenFormat {
    /** As in Jepsen's {@code history.edn}. */
    EDN(":", " ", "nil", ", "),
    /** As elle-cli and jepsen.history.sim take and give it: the same maps, with strings for keywords. */
    JSON("\"", ",", "null", ",");

    private final String quote;
    private final String separator;
    private final String nil;
    private final String comma;

    JepsenFormat(String quote, String separator, String nil, String comma) {
        this.quote = quote;
        this.separator = separator;
        this.nil = nil;
        this.comma = comma;
    }

    /** Writes a history. */
    public String write(List<JepsenOperation> history) {
        StringBuilder text = new StringBuilder();
        for (JepsenOperation operation : history) {
            text.append('{');
            field(text, "type", name(operation.type().id()));
            text.append(comma);
            field(text, "f", name(function(operation.body())));
            text.append(comma);
            field(text, "value", value(operation.body()));
            text.append(comma);
            field(text, "process", Long.toString(operation.process()));
            text.append(comma);
            field(text, "time", Long.toString(operation.time()));
            text.append(comma);
            field(text, "index", Long.toString(operation.index()));
            text.append("}\n");
        }
        return text.toString();
    }

    /**
     * Reads a history: operations one after another, or one list of them. What is not a client's operation on lists or on a
     * register is left out.
     *
     * @throws IllegalArgumentException if the text cannot be understood; the message says where and why
     */
    public List<JepsenOperation> read(String text) {
        List<Object> values = this == EDN ? new EdnReader(text).readAll() : json(text);
        if (values.size() == 1 && values.get(0) instanceof List<?> list) {
            values = List.copyOf(list);
        }
        List<JepsenOperation> history = new ArrayList<>();
        for (int line = 0; line < values.size(); line++) {
            try {
                Plain.operation(values.get(line), line).ifPresent(history::add);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Operation " + line + " of the history: " + e.getMessage(), e);
            }
        }
        return history;
    }

    private static List<Object> json(String text) {
        List<Object> values = new ArrayList<>();
        try (var documents = JsonMapper.shared().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (documents.hasNextValue()) {
                values.add(plain(documents.nextValue()));
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("The history is not JSON: " + e.getOriginalMessage() + ".", e);
        }
        return values;
    }

    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<Object, Object> map = new HashMap<>();
            node.propertyNames().forEach(name -> map.put(name, plain(node.required(name))));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(element -> list.add(plain(element)));
            return list;
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.isNull() ? Plain.NIL : node.asString();
    }

    private void field(StringBuilder text, String name, String value) {
        text.append(name(name)).append(this == EDN ? " " : ":").append(value);
    }

    private String name(String name) {
        return this == EDN ? quote + name : quote + name + quote;
    }

    private static String function(Body body) {
        if (body instanceof Transaction) {
            return "txn";
        }
        return body instanceof RegisterRead ? "read" : body instanceof RegisterWrite ? "write" : "cas";
    }

    private String value(Body body) {
        if (body instanceof Transaction transaction) {
            return transaction.steps().stream().map(this::step).collect(Collectors.joining(separator, "[", "]"));
        }
        if (body instanceof RegisterRead read) {
            OptionalLong value = read.value();
            return value.isPresent() ? Long.toString(value.getAsLong()) : nil;
        }
        if (body instanceof RegisterCompareAndSet cas) {
            return "[" + cas.expected() + separator + cas.value() + "]";
        }
        return Long.toString(((RegisterWrite) body).value());
    }

    private String step(Micro step) {
        if (step instanceof Append append) {
            return "[" + name("append") + separator + append.key() + separator + append.value() + "]";
        }
        String seen = ((Read) step)
                .values()
                .map(values -> values.stream().map(String::valueOf).collect(Collectors.joining(separator, "[", "]")))
                .orElse(nil);
        return "[" + name("r") + separator + step.key() + separator + seen + "]";
    }
}
