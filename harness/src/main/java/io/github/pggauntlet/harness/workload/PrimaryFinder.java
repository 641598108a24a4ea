package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the primary among the clients' endpoints for all sessions together, as a good connection pool does for an
 * application.
 *
 * <p>One scout for each endpoint looks while somebody is looking, and rests otherwise. The scouts do not wait for one
 * another: one that hangs on a dead host holds up nobody, where pgjdbc's own list of hosts would be gone through in order
 * by each session. A strategy whose clients have a single address is served by a single scout.
 *
 * <p>A scout keeps the connection on which a standby has answered, and asks there again: a new connection for each look
 * costs two processors several milliseconds for the password alone, just when they are needed for the takeover. The
 * connection on which the primary was found goes to the first session that asks. Safe for use by several threads.
 */
final class PrimaryFinder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryFinder.class);

    private static final String IS_PRIMARY =
            "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'";

    private static final long PAUSE_MILLIS = 10;
    private static final long STANDBY_PAUSE_MILLIS = 3;
    private static final long FOUND_PAUSE_MILLIS = 100;
    private static final long CLOSE_MILLIS = 5_000;

    private final Connector connector;
    private final int patience;
    private final List<Thread> scouts = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int looking;
    private boolean closed;
    private @Nullable Endpoint primary;
    private @Nullable Connection spare;

    private PrimaryFinder(Connector connector, Duration patience) {
        this.connector = connector;
        this.patience = Math.toIntExact(patience.toMillis());
    }

    /**
     * Starts the scouts.
     *
     * @param connector makes connections as the sessions need them
     * @param patience how long a scout waits for one answer
     */
    static PrimaryFinder start(Connector connector, Duration patience) {
        PrimaryFinder finder = new PrimaryFinder(connector, patience);
        for (Endpoint endpoint : connector.access().endpoints()) {
            Thread scout = new Thread(finder.new Scout(endpoint), "scout-" + endpoint);
            scout.setDaemon(true);
            finder.scouts.add(scout);
            scout.start();
        }
        return finder;
    }

    /**
     * Where a primary was found.
     *
     * @param endpoint where it is
     * @param connection a connection to it, which is the caller's from now on; empty if another has got it
     */
    record Found(Endpoint endpoint, Optional<Connection> connection) {}

    /**
     * Where the primary is.
     *
     * @param bound how long to look at most
     * @return nothing if none was found in that time
     */
    Optional<Found> find(Duration bound) throws InterruptedException {
        long left = bound.toNanos();
        lock.lockInterruptibly();
        try {
            looking++;
            changed.signalAll();
            while (primary == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (primary == null) {
                return Optional.empty();
            }
            Optional<Connection> mine = Optional.ofNullable(spare);
            spare = null;
            return Optional.of(new Found(primary, mine));
        } finally {
            looking--;
            lock.unlock();
        }
    }

    /** Where a primary was found last, if it has not been reported lost since. */
    Optional<Endpoint> known() {
        lock.lock();
        try {
            return Optional.ofNullable(primary);
        } finally {
            lock.unlock();
        }
    }

    /** The primary is not, or no longer, at this endpoint. */
    void lost(Endpoint endpoint) {
        lock.lock();
        try {
            if (endpoint.equals(primary)) {
                primary = null;
                discard(spare);
                spare = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks again, though a primary is known: until {@link #doubt} is called with false as often as with true. */
    void doubt(boolean begin) {
        lock.lock();
        try {
            looking += begin ? 1 : -1;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Looks at one endpoint. */
    private final class Scout implements Runnable {

        private final Endpoint endpoint;
        private @Nullable Connection kept;

        Scout(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public void run() {
            try {
                while (awaitWork()) {
                    TimeUnit.MILLISECONDS.sleep(look());
                }
            } catch (InterruptedException e) {
                // Told to end.
                Thread.currentThread().interrupt();
            } finally {
                discard(kept);
            }
        }

        /** Looks once; returns how many milliseconds to wait before the next look. */
        private long look() {
            try {
                Connection connection = kept;
                if (connection == null) {
                    connection = connector.connect(endpoint);
                    kept = connection;
                    connection.setNetworkTimeout(Runnable::run, patience);
                }
                if (!isPrimary(connection)) {
                    return STANDBY_PAUSE_MILLIS;
                }
                connection.setNetworkTimeout(
                        Runnable::run, Math.toIntExact(connector.answer().toMillis()));
                if (publish(endpoint, connection)) {
                    kept = null;
                }
                return FOUND_PAUSE_MILLIS;
            } catch (SQLException e) {
                // Dead or starting: not where writes can go now.
                discard(kept);
                kept = null;
                return PAUSE_MILLIS;
            }
        }

        private boolean isPrimary(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet answer = statement.executeQuery(IS_PRIMARY)) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    private boolean awaitWork() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (looking == 0 && !closed) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the connection has been taken over. */
    private boolean publish(Endpoint endpoint, Connection connection) {
        lock.lock();
        try {
            boolean taken = !closed && (spare == null || !endpoint.equals(primary));
            if (taken) {
                discard(spare);
                spare = connection;
            }
            primary = endpoint;
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private static void discard(@Nullable Connection connection) {
        if (connection != null) {
            try {
                // Not close(): that sends a farewell, and may wait for a host that no longer answers.
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.trace("A connection that is given up was broken already.", e);
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            discard(spare);
            spare = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        scouts.forEach(Thread::interrupt);
        try {
            for (Thread scout : scouts) {
                scout.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
