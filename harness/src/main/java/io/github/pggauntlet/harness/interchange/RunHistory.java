package io.github.pggauntlet.harness.interchange;

import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Append;
import io.github.pggauntlet.harness.interchange.JepsenOperation.LineType;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Micro;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Read;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From what a run has recorded to a history as Jepsen writes it, for other checkers.
 *
 * <p>Only transactions over lists have a form there. Where they were appended, which our checker makes use of, has none and is
 * left out. O(n log n) for n transactions.
 */
public final class RunHistory {

    private RunHistory() {}

    /** A line before it has its number. */
    private record Line(long time, boolean begins, LineType type, long process, Transaction body) {}

    /**
     * The transactions over lists among these, as two lines each: when it was invoked, and what came of it. Empty if there are
     * none.
     *
     * <p>As with Jepsen a process whose operation nobody knows the outcome of is never heard of again; its session goes on under a
     * new number.
     */
    public static List<JepsenOperation> appends(List<Operation.Transaction> transactions) {
        List<Operation.Transaction> ordered = transactions.stream()
                .filter(RunHistory::isOverLists)
                .sorted(Comparator.comparingLong(Operation.Transaction::invoked))
                .toList();
        Map<Integer, Long> processes = new HashMap<>();
        long next = 0;
        List<Line> lines = new ArrayList<>();
        for (Operation.Transaction transaction : ordered) {
            Long known = processes.get(transaction.session());
            long process = known == null ? next++ : known;
            LineType type = type(transaction.outcome());
            Transaction asked = body(transaction, false);
            lines.add(new Line(transaction.invoked(), true, LineType.INVOKE, process, asked));
            lines.add(new Line(
                    transaction.completed(),
                    false,
                    type,
                    process,
                    type == LineType.OK ? body(transaction, true) : asked));
            processes.put(transaction.session(), type == LineType.INFO ? next++ : process);
        }
        // What ends in the instant in which something else begins was there before it for nobody: let them overlap.
        lines.sort(Comparator.comparingLong(Line::time).thenComparing(Line::begins, Comparator.reverseOrder()));
        List<JepsenOperation> history = new ArrayList<>();
        for (Line line : lines) {
            history.add(new JepsenOperation(history.size(), line.time(), line.type(), line.process(), line.body()));
        }
        return history;
    }

    private static boolean isOverLists(Operation.Transaction transaction) {
        return !transaction.accesses().isEmpty()
                && transaction.accesses().stream()
                        .allMatch(access -> access instanceof Access.Append || access instanceof Access.ReadList);
    }

    private static LineType type(Outcome outcome) {
        return switch (outcome) {
            case ACKNOWLEDGED -> LineType.OK;
            case FAILED -> LineType.FAIL;
            case UNKNOWN -> LineType.INFO;
        };
    }

    private static Transaction body(Operation.Transaction transaction, boolean answered) {
        List<Micro> steps = new ArrayList<>();
        for (Access access : transaction.accesses()) {
            if (access instanceof Access.Append append) {
                steps.add(new Append(append.key(), append.value()));
            } else if (access instanceof Access.ReadList read) {
                steps.add(new Read(
                        read.key(),
                        answered
                                ? Optional.of(read.values().stream()
                                        .map(Integer::longValue)
                                        .toList())
                                : Optional.empty()));
            }
        }
        return new Transaction(steps);
    }
}
