package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.check.session.SessionChecker;
import io.github.pggauntlet.harness.check.session.SessionHistory;
import io.github.pggauntlet.harness.check.session.SessionReport;
import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Operation.Transaction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What do sessions see that write on the primary and read on standbys? See {@link SessionChecker}.
 *
 * <p>That a server forgets what it has shown on the same timeline, and no fault has lost it, is never right: it replays commits in
 * one order. The rest is promised by nobody whose standbys lag, and is held against what was expected; what was not expected is
 * told. What a failover may lose, sessions may miss: where loss is allowed own writes and reads count within a timeline only.
 */
public final class StandbyReadsChecker implements Checker {

    /** The promise's name. */
    public static final String PROMISE = "standby-reads";

    private static final String WORKLOAD = "standby-reads";
    private static final int MOST_EVIDENCE = 10;

    @Override
    public String promise() {
        return PROMISE;
    }

    @Override
    public boolean concerns(RunRecord run) {
        return new Beside(run, WORKLOAD).isThere();
    }

    @Override
    public Result check(RunRecord run) {
        Beside beside = new Beside(run, WORKLOAD);
        List<Transaction> reads = reads(beside);
        if (reads.isEmpty()) {
            return Result.of(Finding.of(PROMISE, Ruling.VACUOUS, "Nobody read the notes of any member."));
        }
        if (!beside.isStrict() && reads.stream().allMatch(read -> read.timeline() <= 0)) {
            return Result.of(Finding.of(
                    PROMISE,
                    Ruling.VACUOUS,
                    "None of " + Text.count(reads.size(), "read", "reads")
                            + " says on which timeline it was made, so nothing can be held against it."));
        }
        SessionReport report = new SessionChecker().check(history(beside));
        List<Evidence> broken = new ArrayList<>();
        report.prefixes().forEach(sentence -> broken.add(Evidence.of("A server forgot: " + sentence + ".")));
        switch (beside.expectation()) {
            case "own-writes" ->
                report.ownWrites().forEach(sentence -> broken.add(Evidence.of("Stale: " + sentence + ".")));
            case "monotonic-reads" ->
                report.monotonicReads().forEach(sentence -> broken.add(Evidence.of("Back in time: " + sentence + ".")));
            case "no-fork" ->
                report.forks().forEach(sentence -> broken.add(Evidence.of("Long fork: " + sentence + ".")));
            default -> {}
        }
        String told = Text.count(reads.size(), "read", "reads") + " of all members: "
                + Text.count(report.ownWrites().size(), "read missed", "reads missed")
                + " what its session had written, "
                + report.monotonicReads().size() + " went"
                + " back in time, " + Text.count(report.forks().size(), "long fork", "long forks") + ", "
                + Text.count(report.prefixes().size(), "server forgot", "times a server forgot") + ".";
        if (!broken.isEmpty()) {
            return Result.of(new Finding(
                    PROMISE,
                    Ruling.BROKEN,
                    told + " " + broken.get(0).what(),
                    broken.subList(0, Math.min(broken.size(), MOST_EVIDENCE))));
        }
        return Result.of(Finding.of(PROMISE, Ruling.KEPT, told));
    }

    private static List<Transaction> reads(Beside beside) {
        return beside.transactions().stream()
                .filter(transaction -> transaction.accesses().stream().anyMatch(Access.Notes.class::isInstance))
                .toList();
    }

    private static SessionHistory history(Beside beside) {
        boolean strict = beside.isStrict();
        SessionHistory.Builder builder = SessionHistory.builder();
        int sessions = 1
                + beside.transactions().stream()
                        .mapToInt(Transaction::session)
                        .max()
                        .orElse(0);
        int nobody = -1;
        for (Transaction transaction : beside.transactions()) {
            // A session that may have lost its past begins a new life with each timeline.
            int session = transaction.session() + (strict ? 0 : sessions * transaction.timeline());
            for (Access access : transaction.accesses()) {
                if (access instanceof Access.Note note && transaction.acknowledged()) {
                    builder.insert(session, (int) note.id(), transaction.completed());
                } else if (access instanceof Access.Notes notes && (strict || transaction.timeline() > 0)) {
                    // A standby that receives from nobody does not know its timeline: it is compared with itself only.
                    int timeline = transaction.timeline() > 0 ? transaction.timeline() : nobody--;
                    builder.read(
                            session,
                            transaction.node(),
                            timeline,
                            transaction.invoked(),
                            transaction.completed(),
                            bits(notes.ids()));
                }
            }
        }
        return builder.build();
    }

    private static long[] bits(KeySet keys) {
        BitSet bits = new BitSet();
        keys.stream().forEach(key -> bits.set((int) key));
        return bits.toLongArray();
    }
}
