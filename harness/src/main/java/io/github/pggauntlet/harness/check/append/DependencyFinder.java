package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.primitive.IntList;
import io.github.pggauntlet.harness.check.primitive.LongIntMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds which transaction must come before which, by what they read and wrote. O(n) for n operations, plus, for each append
 * at large, the number of reads that saw the end of its list.
 */
final class DependencyFinder {

    /** Takes dependencies in. */
    interface Sink {
        void dependency(int from, int to, byte why);
    }

    private final AppendHistory history;
    private final VersionOrder versions;
    private final int[] byInvocation;
    private final Map<Integer, IntList> atLarge = new HashMap<>();

    DependencyFinder(AppendHistory history, VersionOrder versions, int[] byInvocation) {
        this.history = history;
        this.versions = versions;
        this.byInvocation = byInvocation;
        for (int i = 0; i < versions.atLarge().size(); i++) {
            int operation = versions.atLarge().get(i);
            atLarge.computeIfAbsent(history.key(operation), key -> new IntList())
                    .add(operation);
        }
    }

    /** Tells all dependencies of data and of sessions; some more than once. Always the same in the same order. */
    void find(Sink sink) {
        findWriteWrite(sink);
        findReads(sink);
        findSessions(sink);
    }

    private void findWriteWrite(Sink sink) {
        for (int key = 0; key < history.lists().keys(); key++) {
            int before = -1;
            for (int at = 0; at < versions.length(key); at++) {
                int writer = versions.writer(key, at);
                if (writer >= 0) {
                    if (before >= 0 && before != writer) {
                        sink.dependency(before, writer, Dependency.WRITE_WRITE);
                    }
                    before = writer;
                }
            }
        }
        atLarge.forEach((key, operations) -> {
            int end = versions.firstHole(key);
            int last = end == 0 ? -1 : versions.writer(key, end - 1);
            for (int i = 0; last >= 0 && i < operations.size(); i++) {
                int writer = history.transactionOf(operations.get(i));
                if (writer != last) {
                    sink.dependency(last, writer, Dependency.WRITE_WRITE);
                }
            }
        });
    }

    private void findReads(Sink sink) {
        for (int reader = 0; reader < history.size(); reader++) {
            int end = history.endOfOperations(reader);
            for (int operation = history.firstOperation(reader); operation < end; operation++) {
                if (!history.isAppend(operation)) {
                    read(sink, reader, history.key(operation), history.value(operation));
                }
            }
        }
    }

    private void read(Sink sink, int reader, int key, int length) {
        if (length > 0 && length <= versions.length(key)) {
            int writer = versions.writer(key, length - 1);
            if (writer >= 0 && writer != reader) {
                sink.dependency(writer, reader, Dependency.WRITE_READ);
            }
        }
        int overtaken = versions.writerFrom(key, length);
        if (overtaken >= 0 && overtaken != reader) {
            sink.dependency(reader, overtaken, Dependency.READ_WRITE);
        }
        if (!atLarge.isEmpty()) {
            readBeforeAppendsAtLarge(sink, reader, key, length);
        }
    }

    private void readBeforeAppendsAtLarge(Sink sink, int reader, int key, int length) {
        IntList operations = atLarge.get(key);
        if (operations != null && length == versions.firstHole(key)) {
            for (int i = 0; i < operations.size(); i++) {
                int writer = history.transactionOf(operations.get(i));
                if (writer != reader) {
                    sink.dependency(reader, writer, Dependency.READ_WRITE);
                }
            }
        }
    }

    /**
     * A session's transaction comes after the last acknowledged one of the session. One of unknown outcome may take effect
     * when the session has long gone on, so nothing comes after it.
     */
    private void findSessions(Sink sink) {
        LongIntMap slots = new LongIntMap();
        IntList last = new IntList();
        for (int transaction : byInvocation) {
            if (versions.alive(transaction)) {
                int slot = slots.putIfAbsent(history.session(transaction), last.size());
                if (slot == LongIntMap.NONE) {
                    slot = last.size();
                    last.add(-1);
                }
                if (last.get(slot) >= 0) {
                    sink.dependency(last.get(slot), transaction, Dependency.SESSION);
                }
                if (history.acknowledged(transaction)) {
                    last.set(slot, transaction);
                }
            }
        }
    }
}
