package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes to one member directly, whatever its role, by the operator's route: a second primary shows itself only to those who
 * ask it. A standby refuses (25006); a primary that waits for a standby in vain leaves the write unknown.
 */
final class Probe implements Worker {

    // The timeline is asked with each write: a connection to a standby outlives its promotion.
    private static final String INSERT = Ledger.INSERT + " RETURNING " + Ledger.TIMELINE;

    private final int number;
    private final String member;
    private final Endpoint endpoint;
    private final Connector connector;
    private final Recorder recorder;
    private final Duration every;
    private volatile @Nullable Connection connection;
    private volatile boolean stopping;

    Probe(int number, String member, Endpoint endpoint, Connector connector, Recorder recorder, Duration every) {
        this.number = number;
        this.member = member;
        this.endpoint = endpoint;
        this.connector = connector;
        this.recorder = recorder;
        this.every = every;
    }

    @Override
    public void work() throws InterruptedException {
        while (!stopping) {
            try (Connection opened = connector.connect(endpoint);
                    PreparedStatement insert = opened.prepareStatement(INSERT)) {
                connection = opened;
                while (!stopping && !opened.isClosed()) {
                    write(opened, insert);
                    TimeUnit.NANOSECONDS.sleep(every.toNanos());
                }
            } catch (SQLException e) {
                // The member does not answer; it certainly acknowledges nothing to us.
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
            } finally {
                connection = null;
            }
        }
    }

    private void write(Connection on, PreparedStatement insert) {
        Recorder.Draft draft = recorder.begin(number, SessionKind.PROBE, 1);
        int timeline = 0;
        Answer answer;
        try {
            insert.clearWarnings();
            on.clearWarnings();
            insert.setLong(1, draft.firstKey());
            insert.setInt(2, number);
            insert.setString(3, Ledger.content(draft.firstKey()));
            try (ResultSet result = insert.executeQuery()) {
                result.next();
                timeline = result.getInt(1);
            }
            SQLWarning warning = insert.getWarnings();
            answer = Answer.committed(warning != null ? warning : on.getWarnings());
        } catch (SQLException e) {
            answer = Answer.perhapsCommitted(e);
        }
        recorder.end(draft, answer, member, timeline);
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public void abort() {
        Connection mine = connection;
        if (mine != null) {
            try {
                mine.abort(Runnable::run);
            } catch (SQLException e) {
                // It is broken already.
            }
        }
    }

    @Override
    public String toString() {
        return "probe of " + member;
    }
}
