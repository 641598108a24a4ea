package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.append.Anomaly.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in words why one transaction must come before another. */
final class Explainer {

    private static final double NANOS_PER_SECOND = 1e9;

    private final AppendHistory history;
    private final VersionOrder versions;

    Explainer(AppendHistory history, VersionOrder versions) {
        this.history = history;
        this.versions = versions;
    }

    /** The steps of a cycle. What leads through barriers is one step. */
    List<Step> steps(Knot knot, int[] cycle) {
        List<Step> steps = new ArrayList<>();
        int from = knot.transaction(knot.source(cycle[0]));
        for (int edge : cycle) {
            int node = knot.target(edge);
            if (!knot.isBarrier(node)) {
                int to = knot.transaction(node);
                steps.add(new Step(from, to, because(from, to, knot.why(edge))));
                from = to;
            }
        }
        return steps;
    }

    private String because(int from, int to, byte why) {
        return switch (why) {
            case Dependency.WRITE_WRITE -> writeWrite(from, to);
            case Dependency.WRITE_READ -> writeRead(from, to);
            case Dependency.READ_WRITE -> readWrite(from, to);
            case Dependency.SESSION -> "session " + history.session(from) + " ran them in this order";
            default ->
                "T" + from + " was acknowledged at " + seconds(history.completed(from)) + " and T" + to + " began at "
                        + seconds(history.invoked(to));
        };
    }

    private String writeWrite(int from, int to) {
        for (int first = history.firstOperation(from); first < history.endOfOperations(from); first++) {
            for (int second = history.firstOperation(to); second < history.endOfOperations(to); second++) {
                if (history.isAppend(first)
                        && history.isAppend(second)
                        && history.key(first) == history.key(second)
                        && follows(history.key(first), versions.place(first), versions.place(second))) {
                    return "T" + to + " appended " + history.value(second) + " to key " + history.key(first)
                            + " after T" + from + "'s " + history.value(first);
                }
            }
        }
        return "T" + to + " wrote after T" + from;
    }

    /** Whether no known place lies between two, and whether the first is the last known one if the second is at large. */
    private boolean follows(int key, int first, int second) {
        if (first < 0) {
            return false;
        }
        int end = second < 0 ? versions.firstHole(key) : second;
        for (int at = first + 1; at < end; at++) {
            if (versions.writer(key, at) >= 0) {
                return false;
            }
        }
        return first < end;
    }

    private String writeRead(int from, int to) {
        for (int read = history.firstOperation(to); read < history.endOfOperations(to); read++) {
            int key = history.key(read);
            int length = history.value(read);
            if (!history.isAppend(read) && length > 0 && versions.writer(key, length - 1) == from) {
                return "T" + to + " read key " + key + " up to "
                        + history.lists().value(key, length - 1) + ", which T" + from + " appended";
            }
        }
        return "T" + to + " read what T" + from + " wrote";
    }

    private String readWrite(int from, int to) {
        for (int read = history.firstOperation(from); read < history.endOfOperations(from); read++) {
            if (!history.isAppend(read)) {
                int key = history.key(read);
                int length = history.value(read);
                for (int append = history.firstOperation(to); append < history.endOfOperations(to); append++) {
                    boolean next = versions.writerFrom(key, length) == to || versions.place(append) < 0;
                    if (history.isAppend(append)
                            && history.key(append) == key
                            && next
                            && (versions.place(append) < 0 || versions.place(append) >= length)) {
                        return "T" + from + " read key " + key + " " + upTo(key, length) + " and did not see "
                                + history.value(append) + ", which T" + to + " appended next";
                    }
                }
            }
        }
        return "T" + from + " did not see what T" + to + " wrote";
    }

    private String upTo(int key, int length) {
        return length == 0 ? "when it was empty" : "up to " + history.lists().value(key, length - 1);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f s", nanos / NANOS_PER_SECOND);
    }
}
