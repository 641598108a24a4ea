package io.github.pggauntlet.harness.workload;

import java.time.Duration;

/**
 * How much is written, and how.
 *
 * @param sessions the number of client sessions, at least 1
 * @param rate writes a second by all of them together at most; 0 for as many as they can
 * @param transactionEvery one session in so many writes transactions of several rows; 0 for none
 * @param rowsMax the greatest number of rows in such a transaction, at least 2; it has at least 2
 * @param probeEvery how often each member is written to directly
 * @param patience how long a session waits for an answer before the primary is looked for elsewhere
 * @param answer how long a session waits for an answer at most; counted in whole seconds
 * @param seed decides the sizes of transactions and the jitter of pauses
 * @param choice what half of the sessions do beside the ledger
 */
public record WorkloadSettings(
        int sessions,
        double rate,
        int transactionEvery,
        int rowsMax,
        Duration probeEvery,
        Duration patience,
        Duration answer,
        long seed,
        WorkloadChoice choice) {

    public WorkloadSettings {
        if (sessions < 1) {
            throw new IllegalArgumentException("A workload needs at least one session, not " + sessions + ".");
        }
        if (rate < 0 || !Double.isFinite(rate)) {
            throw new IllegalArgumentException("The rate is a number of writes a second, or 0, not " + rate + ".");
        }
        if (choice.kind() != WorkloadChoice.Kind.LEDGER && sessions < 2) {
            throw new IllegalArgumentException("The workload '" + choice.kind().id()
                    + "' takes a session beside one for the ledger, so at least two.");
        }
        if (rowsMax < 2) {
            throw new IllegalArgumentException("A transaction of several rows has at least 2, not " + rowsMax + ".");
        }
    }

    /** The ledger alone. */
    public WorkloadSettings(
            int sessions,
            double rate,
            int transactionEvery,
            int rowsMax,
            Duration probeEvery,
            Duration patience,
            Duration answer,
            long seed) {
        this(sessions, rate, transactionEvery, rowsMax, probeEvery, patience, answer, seed, WorkloadChoice.ledger());
    }

    /** Eight sessions that write as fast as they can, two of them in transactions of 2 to 5 rows; probes every 100 ms. */
    public static WorkloadSettings standard(long seed) {
        return new WorkloadSettings(
                8,
                0,
                4,
                5,
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofSeconds(10),
                seed,
                WorkloadChoice.ledger());
    }

    /** The same with another number of sessions. */
    public WorkloadSettings withSessions(int number) {
        return new WorkloadSettings(
                number, rate, transactionEvery, rowsMax, probeEvery, patience, answer, seed, choice);
    }

    /** The same with another rate, in writes a second; 0 for as many as the sessions can. */
    public WorkloadSettings withRate(double writesPerSecond) {
        return new WorkloadSettings(
                sessions, writesPerSecond, transactionEvery, rowsMax, probeEvery, patience, answer, seed, choice);
    }

    /** The same with half of the sessions doing something beside the ledger. */
    public WorkloadSettings with(WorkloadChoice other) {
        return new WorkloadSettings(
                sessions, rate, transactionEvery, rowsMax, probeEvery, patience, answer, seed, other);
    }

    /** How many of the sessions do that. */
    int beside() {
        return choice.kind() == WorkloadChoice.Kind.LEDGER ? 0 : Math.max(1, sessions / 2);
    }
}
