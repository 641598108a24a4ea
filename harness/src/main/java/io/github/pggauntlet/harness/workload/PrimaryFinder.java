package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds the primary among the clients' endpoints for all sessions together, as a good connection pool does for an
 * application.
 *
 * <p>One scout for each endpoint tries to connect while somebody is looking, and rests otherwise. The scouts do not wait for
 * one another: one that hangs on a dead host holds up nobody, where pgjdbc's own list of hosts would be gone through in order
 * by each session. A strategy whose clients have a single address is served by a single scout. Safe for use by several
 * threads.
 */
final class PrimaryFinder implements AutoCloseable {

    private static final long PAUSE_MILLIS = 10;
    private static final long FOUND_PAUSE_MILLIS = 100;
    private static final long CLOSE_MILLIS = 5_000;

    private final Connector connector;
    private final List<Thread> scouts = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int looking;
    private boolean closed;
    private @Nullable Endpoint primary;

    private PrimaryFinder(Connector connector) {
        this.connector = connector;
    }

    /** Starts the scouts. */
    static PrimaryFinder start(Connector connector) {
        PrimaryFinder finder = new PrimaryFinder(connector);
        for (Endpoint endpoint : connector.access().endpoints()) {
            Thread scout = new Thread(() -> finder.scout(endpoint), "scout-" + endpoint);
            scout.setDaemon(true);
            finder.scouts.add(scout);
            scout.start();
        }
        return finder;
    }

    /**
     * Where the primary is.
     *
     * @param bound how long to look at most
     * @return nothing if none was found in that time
     */
    Optional<Endpoint> find(Duration bound) throws InterruptedException {
        long left = bound.toNanos();
        lock.lockInterruptibly();
        try {
            looking++;
            changed.signalAll();
            while (primary == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return Optional.ofNullable(primary);
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

    private void scout(Endpoint endpoint) {
        try {
            while (awaitWork()) {
                boolean found = isPrimary(endpoint);
                if (found) {
                    publish(endpoint);
                }
                TimeUnit.MILLISECONDS.sleep(found ? FOUND_PAUSE_MILLIS : PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // Told to end.
            Thread.currentThread().interrupt();
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

    private boolean isPrimary(Endpoint endpoint) {
        try (Connection connection = connector.connectToPrimary(endpoint)) {
            return !connection.isClosed();
        } catch (SQLException e) {
            // Dead, starting, a standby: in every case not where writes can go now.
            return false;
        }
    }

    private void publish(Endpoint endpoint) {
        lock.lock();
        try {
            primary = endpoint;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
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
