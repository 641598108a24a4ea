package io.github.pggauntlet.harness.interchange;

import io.github.pggauntlet.harness.check.append.AppendHistory;
import io.github.pggauntlet.harness.check.register.RegisterHistory;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Append;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Body;
import io.github.pggauntlet.harness.interchange.JepsenOperation.LineType;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Read;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterRead;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterWrite;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From a history as Jepsen writes it to what our checkers take.
 *
 * <p>Each invocation is joined with what the same process says next; without that, or with {@code info}, its outcome is unknown.
 * Jepsen's appends do not return their place, so the order of values nobody read stays open.
 */
public final class JepsenHistory {

    private JepsenHistory() {}

    /** An operation with its beginning and its end. */
    private record Joined(JepsenOperation begin, long end, Outcome outcome, Body body) {}

    /**
     * The transactions over lists.
     *
     * @throws IllegalArgumentException if a completion has no invocation, or a value does not fit an {@code int}
     */
    public static AppendHistory appends(List<JepsenOperation> history) {
        AppendHistory.Builder builder = AppendHistory.builder();
        Map<Long, Integer> keys = new HashMap<>();
        Map<Long, Integer> sessions = new HashMap<>();
        for (Joined joined : join(history)) {
            if (joined.body() instanceof Transaction transaction) {
                builder.begin(
                        number(sessions, joined.begin().process()),
                        joined.begin().time(),
                        joined.end(),
                        joined.outcome());
                for (JepsenOperation.Micro step : transaction.steps()) {
                    int key = number(keys, step.key());
                    if (step instanceof Append append) {
                        builder.append(key, Math.toIntExact(append.value()), AppendHistory.UNPLACED);
                    } else if (step instanceof Read read) {
                        read.values()
                                .ifPresent(values -> builder.read(
                                        key,
                                        values.stream()
                                                .mapToInt(Math::toIntExact)
                                                .toArray()));
                    }
                }
                builder.end();
            }
        }
        return builder.build();
    }

    /**
     * The reads and writes of the one register. Compare-and-sets return no version in this form and cannot be judged.
     *
     * @throws IllegalArgumentException if there is a compare-and-set, or a completion without an invocation
     */
    public static RegisterHistory register(List<JepsenOperation> history) {
        RegisterHistory.Builder builder = RegisterHistory.builder();
        for (Joined joined : join(history)) {
            long invoked = joined.begin().time();
            if (joined.body() instanceof RegisterWrite write) {
                builder.write(0, write.value(), invoked, joined.end(), joined.outcome());
            } else if (joined.body() instanceof RegisterRead read) {
                if (joined.outcome() == Outcome.ACKNOWLEDGED && read.value().isPresent()) {
                    builder.read(0, read.value().getAsLong(), invoked, joined.end());
                } else if (joined.outcome() == Outcome.ACKNOWLEDGED) {
                    builder.readOfNothing(0, invoked, joined.end());
                }
            } else if (joined.body() instanceof JepsenOperation.RegisterCompareAndSet) {
                throw new IllegalArgumentException("A compare-and-set that returns no version cannot be judged.");
            }
        }
        return builder.build();
    }

    private static List<Joined> join(List<JepsenOperation> history) {
        Map<Long, JepsenOperation> open = new LinkedHashMap<>();
        List<Joined> joined = new ArrayList<>();
        for (JepsenOperation operation : history) {
            if (operation.type() == LineType.INVOKE) {
                JepsenOperation before = open.put(operation.process(), operation);
                if (before != null) {
                    joined.add(unknown(before));
                }
            } else {
                JepsenOperation begin = open.remove(operation.process());
                if (begin == null) {
                    throw new IllegalArgumentException("Operation " + operation.index() + " of process "
                            + operation.process() + " ends without having begun.");
                }
                joined.add(
                        switch (operation.type()) {
                            case OK -> new Joined(begin, operation.time(), Outcome.ACKNOWLEDGED, operation.body());
                            case FAIL -> new Joined(begin, operation.time(), Outcome.FAILED, begin.body());
                            default -> unknown(begin);
                        });
            }
        }
        open.values().forEach(begin -> joined.add(unknown(begin)));
        return joined;
    }

    private static Joined unknown(JepsenOperation begin) {
        return new Joined(begin, Long.MAX_VALUE, Outcome.UNKNOWN, begin.body());
    }

    private static int number(Map<Long, Integer> numbers, long name) {
        Integer known = numbers.putIfAbsent(name, numbers.size());
        return known == null ? numbers.size() - 1 : known;
    }
}
