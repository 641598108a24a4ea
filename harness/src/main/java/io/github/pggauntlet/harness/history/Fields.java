package io.github.pggauntlet.harness.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of one JSON object, with a sentence for each that is missing or of the wrong kind. */
record Fields(JsonNode node) {

    Fields {
        if (!node.isObject()) {
            throw new IllegalArgumentException("this is not a JSON object.");
        }
    }

    boolean has(String name) {
        return node.has(name);
    }

    String text(String name) {
        JsonNode value = required(name);
        if (!value.isString()) {
            throw new IllegalArgumentException("the field '" + name + "' is not a string.");
        }
        return value.stringValue();
    }

    String textOr(String name, String otherwise) {
        return has(name) ? text(name) : otherwise;
    }

    long number(String name) {
        JsonNode value = required(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("the field '" + name + "' is not a whole number.");
        }
        return value.longValue();
    }

    int integer(String name) {
        long value = number(name);
        if (value != (int) value) {
            throw new IllegalArgumentException("the field '" + name + "' is too large: " + value + ".");
        }
        return (int) value;
    }

    boolean flag(String name) {
        JsonNode value = required(name);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("the field '" + name + "' is neither true nor false.");
        }
        return value.booleanValue();
    }

    <E extends Enum<E>> E oneOf(Class<E> type, String name) {
        String text = text(name);
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the field '" + name + "' has the unknown value '" + text + "'.", e);
        }
    }

    Fields object(String name) {
        return new Fields(required(name));
    }

    Map<String, String> texts(String name) {
        Map<String, String> texts = new HashMap<>();
        Fields inner = object(name);
        inner.node.propertyNames().forEach(key -> texts.put(key, inner.text(key)));
        return texts;
    }

    Set<String> names(String name) {
        Set<String> names = new HashSet<>();
        required(name).forEach(element -> names.add(element.asString()));
        return names;
    }

    /** The elements of an array. */
    Iterable<JsonNode> elements(String name) {
        JsonNode array = required(name);
        if (!array.isArray()) {
            throw new IllegalArgumentException("the field '" + name + "' is not an array.");
        }
        return array;
    }

    Optional<String> maybeText(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    private JsonNode required(String name) {
        @Nullable JsonNode value = node.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the field '" + name + "' is missing.");
        }
        return value;
    }
}
