package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.SessionKind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where the sessions of a run get their numbers and leave their operations. One for a run, so that no key is used twice in
 * it. Safe for use by several threads.
 */
public final class Recorder {

    private final RunClock clock;
    private final HistoryWriter history;
    private final AtomicLong nextKey = new AtomicLong(1);
    private final AtomicLong nextId = new AtomicLong(1);
    private final AtomicInteger nextSession = new AtomicInteger(1);
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** A recorder for a run whose ledger is empty. */
    public Recorder(RunClock clock, HistoryWriter history) {
        this.clock = clock;
        this.history = history;
    }

    /** The run's clock. */
    public RunClock clock() {
        return clock;
    }

    /** How many operations there have been, now. */
    public RunEvent.Progress progress() {
        return new RunEvent.Progress(clock.nanos(), acknowledged.sum(), unknown.sum(), failed.sum());
    }

    int newSession() {
        return nextSession.getAndIncrement();
    }

    long newId() {
        return nextId.getAndIncrement();
    }

    /**
     * Records a transaction of the workload beside the ledger.
     *
     * @throws io.github.pggauntlet.harness.history.RecordingException if it cannot be recorded
     */
    void record(Operation.Transaction transaction) {
        history.append(transaction);
    }

    /** Numbers that no other write has. */
    Draft begin(int session, SessionKind kind, int keys) {
        return new Draft(nextId.getAndIncrement(), session, kind, nextKey.getAndAdd(keys), keys, clock.nanos());
    }

    /**
     * A write that has been begun.
     *
     * @param id its number
     * @param session the session's number
     * @param kind the session's kind
     * @param firstKey its first key
     * @param keys the number of its keys
     * @param invoked when it was begun
     */
    record Draft(long id, int session, SessionKind kind, long firstKey, int keys, long invoked) {}

    /**
     * Records a write.
     *
     * @throws io.github.pggauntlet.harness.history.RecordingException if it cannot be recorded
     */
    void end(Draft draft, Answer answer, String node, int timeline) {
        // Taken first: recording must not make the write look slower than it was.
        long completed = clock.nanos();
        history.append(new Operation.Write(
                draft.id(),
                draft.session(),
                draft.kind(),
                draft.firstKey(),
                draft.keys(),
                draft.invoked(),
                completed,
                answer.outcome(),
                answer.sqlState(),
                node,
                timeline,
                answer.detail()));
        counter(answer.outcome()).increment();
    }

    /**
     * Records a read.
     *
     * @throws io.github.pggauntlet.harness.history.RecordingException if it cannot be recorded
     */
    void record(Operation.Read read) {
        history.append(read);
    }

    private LongAdder counter(Outcome outcome) {
        return switch (outcome) {
            case ACKNOWLEDGED -> acknowledged;
            case UNKNOWN -> unknown;
            case FAILED -> failed;
        };
    }
}
