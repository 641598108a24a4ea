package io.github.pggauntlet.harness.check.ledger;

import io.github.pggauntlet.harness.check.ledger.LedgerHistory.Read;
import io.github.pggauntlet.harness.check.primitive.IndexSort;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sweep of {@link LedgerChecker} over one history. */
final class LedgerSweep {

    private final LedgerHistory history;
    private final List<Read> reads;
    private final int words;
    private final int[] byInvocation;
    private final int[] byCompletion;
    private int begun;
    private int ended;

    /** What is so at the moment of the sweep, a bit for each id. */
    private final long[] inserted;

    private final long[] due;
    private final long[] seen;
    private final long[] seenByAuthority;
    /** What an authoritative read missed and none has seen again: though it was due, and though it had been seen. */
    private final long[] missed;

    private final long[] missedBySight;
    /** What any read had seen, an authoritative one missed, and none of those has seen again. */
    private final long[] vanished;

    private final long[] failed;
    private final long[] resurrected;
    private final long[] failedButPresent;
    private final long[] phantoms;
    private final long[] stale;
    private final KeySet.Builder duplicates = new KeySet.Builder();
    private long stalest;
    /** For authoritative reads under way, what they miss: of what was due, of what such reads had seen, of what any had seen. */
    private final Map<Read, long[][]> underWay = new HashMap<>();

    LedgerSweep(LedgerHistory history) {
        this.history = history;
        this.reads = history.reads();
        int most = (history.size() + Long.SIZE - 1) / Long.SIZE;
        for (Read read : reads) {
            most = Math.max(most, read.words());
        }
        this.words = most;
        this.byInvocation = IndexSort.byKey(history.invocations());
        this.byCompletion = IndexSort.byKey(history.completions());
        this.inserted = new long[words];
        this.due = new long[words];
        this.seen = new long[words];
        this.seenByAuthority = new long[words];
        this.missed = new long[words];
        this.missedBySight = new long[words];
        this.vanished = new long[words];
        this.failed = new long[words];
        this.resurrected = new long[words];
        this.failedButPresent = new long[words];
        this.phantoms = new long[words];
        this.stale = new long[words];
        for (int id = 0; id < history.size(); id++) {
            if (history.outcome(id) == Outcome.FAILED) {
                set(failed, id);
            }
        }
    }

    LedgerReport run() {
        int[] beginnings = order(true);
        int[] ends = order(false);
        int begin = 0;
        // At the same instant a beginning comes first: what begins when another ends is not after it.
        for (int end : ends) {
            while (begin < beginnings.length
                    && reads.get(beginnings[begin]).invoked() <= reads.get(end).completed()) {
                begin(reads.get(beginnings[begin++]));
            }
            end(reads.get(end));
        }
        return report();
    }

    private int[] order(boolean beginnings) {
        long[] times = new long[reads.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = beginnings ? reads.get(i).invoked() : reads.get(i).completed();
        }
        return IndexSort.byKey(times);
    }

    private void begin(Read read) {
        while (ended < byCompletion.length && history.completed(byCompletion[ended]) < read.invoked()) {
            int id = byCompletion[ended++];
            if (history.outcome(id) == Outcome.ACKNOWLEDGED) {
                set(due, id);
            }
        }
        if (read.authoritative()) {
            beginAuthoritative(read);
        } else {
            beginOther(read);
        }
    }

    private void beginAuthoritative(Read read) {
        long[] missing = new long[words];
        long[] missingBySight = new long[words];
        long[] gone = new long[words];
        for (int word = 0; word < words; word++) {
            long present = read.word(word);
            resurrected[word] |= (missed[word] | missedBySight[word]) & present;
            missed[word] &= ~present;
            missedBySight[word] &= ~present;
            vanished[word] &= ~present;
            missing[word] = due[word] & ~present;
            missingBySight[word] = seenByAuthority[word] & ~present;
            gone[word] = seen[word] & ~present;
        }
        underWay.put(read, new long[][] {missing, missingBySight, gone});
    }

    private void beginOther(Read read) {
        long oldest = Long.MAX_VALUE;
        for (int word = 0; word < words; word++) {
            long present = read.word(word);
            long missing = due[word] & ~present;
            stale[word] |= missing;
            for (long rest = missing; rest != 0; rest &= rest - 1) {
                oldest = Math.min(oldest, history.completed(word * Long.SIZE + Long.numberOfTrailingZeros(rest)));
            }
        }
        if (oldest != Long.MAX_VALUE) {
            stalest = Math.max(stalest, read.invoked() - oldest);
        }
    }

    private void end(Read read) {
        while (begun < byInvocation.length && history.invoked(byInvocation[begun]) <= read.completed()) {
            set(inserted, byInvocation[begun++]);
        }
        long[][] found = underWay.remove(read);
        for (int word = 0; word < words; word++) {
            long present = read.word(word);
            seen[word] |= present;
            failedButPresent[word] |= failed[word] & present;
            phantoms[word] |= present & ~inserted[word];
            if (found != null) {
                seenByAuthority[word] |= present;
                missed[word] |= found[0][word];
                missedBySight[word] |= found[1][word];
                vanished[word] |= found[2][word];
            }
        }
        for (long id : read.twice()) {
            duplicates.add(id);
        }
    }

    private LedgerReport report() {
        long[] lost = new long[words];
        long[] unknownSurvived = new long[words];
        long[] unknownLost = new long[words];
        long[] unread = new long[words];
        Optional<Read> last = reads.stream().filter(Read::authoritative).max(Comparator.comparingLong(Read::invoked));
        for (int id = 0; id < history.size(); id++) {
            int word = id / Long.SIZE;
            long bit = 1L << id;
            if (history.outcome(id) == Outcome.ACKNOWLEDGED) {
                lost[word] |= missed[word] & bit;
                if (last.isEmpty() || history.completed(id) >= last.get().invoked()) {
                    unread[word] |= bit;
                }
            } else if (history.outcome(id) == Outcome.UNKNOWN && last.isPresent()) {
                boolean survived = (last.get().word(word) & bit) != 0;
                (survived ? unknownSurvived : unknownLost)[word] |= bit;
            }
        }
        return new LedgerReport(
                keys(lost),
                keys(vanished),
                keys(resurrected),
                keys(failedButPresent),
                keys(phantoms),
                duplicates.build(),
                keys(stale),
                stalest,
                keys(unknownSurvived),
                keys(unknownLost),
                keys(unread));
    }

    private static void set(long[] bits, int id) {
        bits[id / Long.SIZE] |= 1L << id;
    }

    private static KeySet keys(long[] bits) {
        KeySet.Builder keys = new KeySet.Builder();
        for (int word = 0; word < bits.length; word++) {
            for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
                keys.add((long) word * Long.SIZE + Long.numberOfTrailingZeros(rest));
            }
        }
        return keys.build();
    }
}
