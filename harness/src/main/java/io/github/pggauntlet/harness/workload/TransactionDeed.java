package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Does a work in a transaction, and records what was done and what became of it. Nothing is tried again. */
final class TransactionDeed implements Deed {

    private static final String ROLLBACK_CLASS = "40";
    private static final int ONE_OF = 4;
    private static final int LONG_ONE_OF = 50;
    private static final Duration PAUSE = Duration.ofMillis(400);

    /** Whoever has left a lock behind must not stop everybody for good. */
    private static final String LOCK_TIMEOUT = "SET lock_timeout = '2s'";

    private final int number;
    private final int ghost;
    private final Recorder recorder;
    private final WorkloadChoice choice;
    private final SplittableRandom random;
    private final Work work;
    private final TwoPhase twoPhase;

    /**
     * @param number the session's number
     * @param work what is done
     */
    TransactionDeed(int number, Recorder recorder, WorkloadChoice choice, SplittableRandom random, Work work) {
        this.number = number;
        // What is taken back is recorded as a transaction of its own, at the same time as the one it belongs to.
        this.ghost = recorder.newSession();
        this.recorder = recorder;
        this.choice = choice;
        this.random = random;
        this.work = work;
        this.twoPhase = new TwoPhase(number);
    }

    @Override
    public boolean autocommit() {
        return false;
    }

    @Override
    public void ready(Link link) throws SQLException {
        Connection connection = link.connection();
        connection.setAutoCommit(true);
        connection.setTransactionIsolation(choice.isolation().jdbc());
        try (var statement = connection.createStatement()) {
            statement.execute(LOCK_TIMEOUT);
        }
        settle(connection);
        connection.setAutoCommit(false);
    }

    private void settle(Connection connection) throws SQLException {
        if (choice.has(WorkloadChoice.Special.TWO_PHASE)) {
            twoPhase.settle(connection);
        }
    }

    @Override
    public boolean once(Link link) {
        Connection connection = link.connection();
        long id = recorder.newId();
        long invoked = recorder.clock().nanos();
        List<Access> accesses = new ArrayList<>();
        Answer answer;
        try {
            boolean wanted = work.fill(connection, accesses, new During(link));
            if (wanted) {
                connection.clearWarnings();
                answer = oneOf(WorkloadChoice.Special.TWO_PHASE, ONE_OF)
                        ? twoPhase.commit(connection)
                        : commit(connection);
            } else {
                connection.rollback();
                answer = new Answer(Outcome.FAILED, "", "rolled back");
            }
        } catch (SQLException e) {
            answer = Answer.neverCommitted(e);
        }
        record(link, number, id, invoked, answer, accesses);
        return answer.outcome() == Outcome.ACKNOWLEDGED || isOver(connection, answer);
    }

    private static Answer commit(Connection connection) {
        try {
            connection.commit();
            return Answer.committed(connection.getWarnings());
        } catch (SQLException e) {
            return Answer.perhapsCommitted(e);
        }
    }

    /** Whether the transaction has come to an orderly end, so that the next can follow on the same connection. */
    private boolean isOver(Connection connection, Answer answer) {
        boolean orderly = answer.outcome() == Outcome.FAILED
                && (answer.sqlState().isEmpty() || answer.sqlState().startsWith(ROLLBACK_CLASS));
        if (!orderly) {
            return false;
        }
        try {
            connection.rollback();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private void record(Link link, int session, long id, long invoked, Answer answer, List<Access> accesses) {
        recorder.record(new Operation.Transaction(
                id,
                session,
                invoked,
                recorder.clock().nanos(),
                answer.outcome(),
                answer.sqlState(),
                link.node(),
                link.timeline(),
                accesses,
                answer.detail()));
    }

    private boolean oneOf(WorkloadChoice.Special special, int number) {
        return choice.has(special) && random.nextInt(number) == 0;
    }

    private final class During implements Work.Specials {

        private final Link link;

        During(Link link) {
            this.link = link;
        }

        @Override
        public void pause() {
            if (oneOf(WorkloadChoice.Special.LONG, LONG_ONE_OF)) {
                try {
                    Thread.sleep(PAUSE.toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void abandon(Access access, Work.Statements statements) throws SQLException {
            if (!oneOf(WorkloadChoice.Special.SAVEPOINTS, ONE_OF)) {
                return;
            }
            long invoked = recorder.clock().nanos();
            try {
                Savepoint before = link.connection().setSavepoint();
                statements.execute();
                link.connection().rollback(before);
            } finally {
                record(
                        link,
                        ghost,
                        recorder.newId(),
                        invoked,
                        new Answer(Outcome.FAILED, "", "rolled back to a savepoint"),
                        List.of(access));
            }
        }
    }
}
