package io.github.pggauntlet.harness.check.ledger;

import io.github.pggauntlet.harness.history.History;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Operation.Read;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Takes a ledger's history from a run's record.
 *
 * <p>Keys become ids from the smallest on; keys nobody wrote become failed inserts, which must not appear. A read is
 * authoritative if it is proven and no write had been acknowledged on a later timeline when it began: a deposed primary that
 * answers has not lost what its successor has. O(w log w + r · n).
 */
public final class LedgerAdapter {

    private LedgerAdapter() {}

    /** The ledger's history. */
    public static LedgerHistory of(History history) {
        List<Write> writes = history.writes().stream()
                .sorted(Comparator.comparingLong(Write::firstKey))
                .toList();
        long first = writes.isEmpty() ? 0 : writes.get(0).firstKey();
        LedgerHistory.Builder builder = LedgerHistory.builder();
        long next = first;
        for (Write write : writes) {
            for (; next < write.firstKey(); next++) {
                builder.insert(Long.MAX_VALUE, Long.MAX_VALUE, Outcome.FAILED);
            }
            for (; next <= write.lastKey(); next++) {
                builder.insert(write.invoked(), write.completed(), write.outcome());
            }
        }
        List<Write> terms = beginningsOfTimelines(history);
        for (Read read : history.reads()) {
            boolean current = terms.stream()
                    .noneMatch(write -> write.timeline() > read.timeline() && write.completed() < read.invoked());
            builder.read(
                    read.node(),
                    read.proven() && current,
                    read.invoked(),
                    read.completed(),
                    bits(read.keys(), first, next - first));
        }
        return builder.build();
    }

    /** The first write to be acknowledged on each timeline. */
    private static List<Write> beginningsOfTimelines(History history) {
        List<Write> beginnings = new ArrayList<>();
        history.writes().stream()
                .filter(write -> write.outcome() == Outcome.ACKNOWLEDGED && write.timeline() > 0)
                .sorted(Comparator.comparingLong(Write::completed))
                .forEach(write -> {
                    if (beginnings.stream().noneMatch(known -> known.timeline() == write.timeline())) {
                        beginnings.add(write);
                    }
                });
        return beginnings;
    }

    /** The keys as ids. Those outside of what was written come after all others: nobody inserted them. */
    private static long[] bits(KeySet keys, long first, long count) {
        BitSet bits = new BitSet();
        keys.stream().forEach(key -> bits.set((int) (key < first ? count + key : key - first)));
        return bits.toLongArray();
    }
}
