package io.github.pggauntlet.harness.interchange;

import io.github.pggauntlet.harness.interchange.JepsenOperation.Append;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Body;
import io.github.pggauntlet.harness.interchange.JepsenOperation.LineType;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Micro;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Read;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterCompareAndSet;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterRead;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterWrite;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Operations from plain data: maps, lists, strings (for EDN's keywords too), whole numbers, and {@link #NIL}. Both forms are
 * first read into it.
 */
final class Plain {

    /** What is not there. */
    enum Nothing {
        NIL
    }

    static final Nothing NIL = Nothing.NIL;

    private Plain() {}

    /** The operation; empty for one of the nemesis or of another kind than ours, which says nothing of the data. */
    static Optional<JepsenOperation> operation(Object data, long line) {
        if (!(data instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("an operation is a map, not '" + data + "'.");
        }
        if (!(map.get("process") instanceof Long process)) {
            return Optional.empty();
        }
        String function = text(map, "f");
        @Nullable Object value = map.get("value");
        LineType type = LineType.of(text(map, "type"));
        Optional<Body> body = body(function, value == null ? NIL : value);
        return body.map(known -> new JepsenOperation(
                number(map.get("index"), line), number(map.get("time"), line), type, process, known));
    }

    private static Optional<Body> body(String function, Object value) {
        return switch (function) {
            case "txn" ->
                Optional.of(new Transaction(
                        list(value).stream().map(step -> micro(list(step))).toList()));
            case "read" ->
                Optional.of(new RegisterRead(value == NIL ? OptionalLong.empty() : OptionalLong.of(whole(value))));
            case "write" -> Optional.of(new RegisterWrite(whole(value)));
            case "cas" ->
                Optional.of(new RegisterCompareAndSet(
                        whole(list(value).get(0)), whole(list(value).get(1))));
            default -> Optional.empty();
        };
    }

    private static Micro micro(List<?> step) {
        if (step.size() != 3) {
            throw new IllegalArgumentException("a step of a transaction has three parts, not " + step + ".");
        }
        long key = whole(step.get(1));
        Object function = step.get(0);
        if ("append".equals(function)) {
            return new Append(key, whole(step.get(2)));
        }
        if ("r".equals(function)) {
            return new Read(key, step.get(2) == NIL ? Optional.empty() : Optional.of(numbers(step.get(2))));
        }
        throw new IllegalArgumentException("a step of a transaction is append or r, not '" + function + "'.");
    }

    private static List<Long> numbers(Object value) {
        List<Long> numbers = new ArrayList<>();
        list(value).forEach(number -> numbers.add(whole(number)));
        return numbers;
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("there should be a list and not '" + value + "'.");
    }

    private static long whole(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("there should be a whole number and not '" + value + "'.");
    }

    private static long number(@Nullable Object value, long otherwise) {
        return value == null || value == NIL ? otherwise : whole(value);
    }

    private static String text(Map<?, ?> map, String name) {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the field '" + name + "' is missing or no name.");
    }
}
