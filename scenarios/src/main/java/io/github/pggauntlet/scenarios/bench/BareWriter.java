package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that writes in a tight loop and, when its connection breaks, goes to the other server at once: it knows where to
 * go, and asks for nothing else. Its result is when its last write on the one server was acknowledged, and its first on the
 * other.
 */
final class BareWriter implements Callable<BareWriter.Gap> {

    private static final String INSERT = "INSERT INTO ledger (key, session, content) VALUES (?, ?, ?)";
    private static final String READ_ONLY = "25006";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long PAUSE_MICROS = 1000;

    /**
     * When a client's writes stopped, and began again, by {@link System#nanoTime()}.
     *
     * @param last when the last was acknowledged on the one server
     * @param first when the first was acknowledged on the other
     */
    record Gap(long last, long first) {}

    private final int session;
    private final Jdbc jdbc;
    private final Endpoint from;
    private final Endpoint to;
    private final AtomicLong nextKey;
    private final AtomicLong acknowledged = new AtomicLong();

    /**
     * @param session the client's number
     * @param nextKey the next key that no row has; shared by all writers of a pair
     */
    BareWriter(int session, Jdbc jdbc, Endpoint from, Endpoint to, AtomicLong nextKey) {
        this.session = session;
        this.jdbc = jdbc;
        this.from = from;
        this.to = to;
        this.nextKey = nextKey;
    }

    /** How many writes have been acknowledged so far. */
    long acknowledged() {
        return acknowledged.get();
    }

    @Override
    public Gap call() throws InterruptedException {
        long last = writeUntilBroken();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            try (Connection connection = jdbc.connect(to);
                    PreparedStatement insert = connection.prepareStatement(INSERT)) {
                while (System.nanoTime() < deadline) {
                    if (tryToWrite(insert)) {
                        return new Gap(last, System.nanoTime());
                    }
                    TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
                }
            } catch (SQLException e) {
                TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
            }
        }
        throw new EnvironmentException("The promoted server took no write within " + LIMIT.toSeconds() + " s.");
    }

    private long writeUntilBroken() {
        long last = System.nanoTime();
        try (Connection connection = jdbc.connect(from);
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            while (!Thread.currentThread().isInterrupted()) {
                write(insert);
                last = System.nanoTime();
                acknowledged.incrementAndGet();
            }
        } catch (SQLException e) {
            // Killed; what comes next is measured.
            return last;
        }
        return last;
    }

    private boolean tryToWrite(PreparedStatement insert) throws SQLException {
        try {
            write(insert);
            return true;
        } catch (SQLException e) {
            if (READ_ONLY.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private void write(PreparedStatement insert) throws SQLException {
        long key = nextKey.getAndIncrement();
        insert.setLong(1, key);
        insert.setInt(2, session);
        insert.setString(3, "row " + key);
        insert.executeUpdate();
    }
}
