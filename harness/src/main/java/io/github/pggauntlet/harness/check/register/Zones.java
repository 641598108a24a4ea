package io.github.pggauntlet.harness.check.register;

import io.github.pggauntlet.harness.check.primitive.IndexSort;
import io.github.pggauntlet.harness.check.primitive.IntList;
import io.github.pggauntlet.harness.check.primitive.LongIntMap;
import io.github.pggauntlet.harness.check.primitive.LongList;
import io.github.pggauntlet.harness.check.register.RegisterHistory.Kind;
import io.github.pggauntlet.harness.check.register.RegisterReport.Reason;
import io.github.pggauntlet.harness.check.register.RegisterReport.Violation;
import java.util.Locale;
import java.util.Optional;

/** The zones of one register after another; see {@link RegisterChecker}. Not safe for use by several threads. */
final class Zones {

    /** The cluster of the reads that found what was there before the first write. */
    private static final int NOTHING = 0;

    private static final int NO_WRITE = -1;
    private static final double NANOS_PER_SECOND = 1e9;

    private final RegisterHistory history;
    /** For each value its cluster. */
    private final LongIntMap clusters = new LongIntMap();
    /** For each cluster its write, when it was first completed and by which operation, last invoked and by which. */
    private final IntList write = new IntList();

    private final LongList finish = new LongList();
    private final IntList finisher = new IntList();
    private final LongList start = new LongList();
    private final IntList starter = new IntList();
    private final IntList reads = new IntList();

    Zones(RegisterHistory history) {
        this.history = history;
    }

    Optional<Violation> check(int key, Grouping byKey) {
        clear();
        for (int at = byKey.first(key); at < byKey.end(key); at++) {
            int operation = byKey.operation(at);
            if (isWrite(operation)) {
                int before = clusters.putIfAbsent(history.value(operation), write.size());
                if (before != LongIntMap.NONE) {
                    throw new IllegalArgumentException("The value " + history.value(operation)
                            + " was written to register " + key
                            + " twice; this checker needs values that are written once.");
                }
                add(operation, history.invoked(operation), history.completed(operation));
            }
        }
        for (int at = byKey.first(key); at < byKey.end(key); at++) {
            int operation = byKey.operation(at);
            if (!isWrite(operation)) {
                Optional<Violation> violation = read(key, operation);
                if (violation.isPresent()) {
                    return violation;
                }
            }
        }
        return compare(key);
    }

    private void clear() {
        clusters.clear();
        write.clear();
        finish.clear();
        finisher.clear();
        start.clear();
        starter.clear();
        reads.clear();
        add(NO_WRITE, Long.MIN_VALUE, Long.MIN_VALUE);
    }

    private void add(int operation, long invoked, long completed) {
        write.add(operation);
        finish.add(completed);
        finisher.add(operation);
        start.add(invoked);
        starter.add(operation);
        reads.add(0);
    }

    private boolean isWrite(int operation) {
        Kind kind = history.kind(operation);
        return kind != Kind.READ && kind != Kind.READ_OF_NOTHING;
    }

    private Optional<Violation> read(int key, int operation) {
        boolean ofNothing = history.kind(operation) == Kind.READ_OF_NOTHING;
        int cluster = ofNothing ? NOTHING : clusters.get(history.value(operation));
        if (cluster == LongIntMap.NONE) {
            return violation(key, Reason.PHANTOM, told(operation) + ", which nobody wrote");
        }
        int itsWrite = write.get(cluster);
        if (itsWrite != NO_WRITE && history.kind(itsWrite) == Kind.FAILED_WRITE) {
            return violation(key, Reason.FAILED_BUT_READ, told(operation) + ", but " + told(itsWrite) + " failed");
        }
        if (itsWrite != NO_WRITE && history.completed(operation) < history.invoked(itsWrite)) {
            return violation(
                    key, Reason.READ_BEFORE_WRITE, told(operation) + " before it was written: " + told(itsWrite));
        }
        reads.set(cluster, reads.get(cluster) + 1);
        if (history.completed(operation) < finish.get(cluster)) {
            finish.set(cluster, history.completed(operation));
            finisher.set(cluster, operation);
        }
        if (history.invoked(operation) > start.get(cluster)) {
            start.set(cluster, history.invoked(operation));
            starter.set(cluster, operation);
        }
        return Optional.empty();
    }

    /** Whether the value was certainly there at some time: a write that nobody read and that may not have been is left out. */
    private boolean takesPart(int cluster) {
        return reads.get(cluster) > 0 || (cluster != NOTHING && history.kind(write.get(cluster)) == Kind.WRITE);
    }

    private Optional<Violation> compare(int key) {
        IntList forward = new IntList();
        for (int cluster = 0; cluster < write.size(); cluster++) {
            if (takesPart(cluster) && finish.get(cluster) < start.get(cluster)) {
                forward.add(cluster);
            }
        }
        int[] sorted = forward.toArray();
        IndexSort.sort(sorted, finish.toArray());
        for (int i = 1; i < sorted.length; i++) {
            if (finish.get(sorted[i]) < start.get(sorted[i - 1])) {
                return outOfOrder(key, sorted[i - 1], sorted[i]);
            }
        }
        for (int cluster = 0; cluster < write.size(); cluster++) {
            if (takesPart(cluster) && finish.get(cluster) >= start.get(cluster)) {
                int around = lastBefore(sorted, start.get(cluster));
                if (around >= 0 && finish.get(cluster) < start.get(sorted[around])) {
                    return outOfOrder(key, sorted[around], cluster);
                }
            }
        }
        return Optional.empty();
    }

    /** The last forward zone that begins before an instant, or -1. */
    private int lastBefore(int[] sorted, long instant) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (finish.get(sorted[middle]) < instant) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Each of two clusters has an operation that ended before one of the other began. */
    private Optional<Violation> outOfOrder(int key, int one, int other) {
        return violation(
                key,
                Reason.OUT_OF_ORDER,
                first(one) + " before " + told(starter.get(other)) + ", so the former value came first; and "
                        + first(other) + " before " + told(starter.get(one)) + ", so it came last");
    }

    private String first(int cluster) {
        int operation = finisher.get(cluster);
        return operation == NO_WRITE ? "the register was empty" : told(operation);
    }

    private static Optional<Violation> violation(int key, Reason reason, String sentence) {
        return Optional.of(new Violation(key, reason, sentence));
    }

    private String told(int operation) {
        String what = history.kind(operation) == Kind.READ_OF_NOTHING
                ? "read nothing"
                : (isWrite(operation) ? "wrote " : "read ") + history.value(operation);
        long completed = history.completed(operation);
        return String.format(
                Locale.ROOT,
                "operation %d %s (%.6f s to %s)",
                operation,
                what,
                history.invoked(operation) / NANOS_PER_SECOND,
                completed == Long.MAX_VALUE
                        ? "an unknown end"
                        : String.format(Locale.ROOT, "%.6f s", completed / NANOS_PER_SECOND));
    }
}
