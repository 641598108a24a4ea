package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client: connects to the primary, writes, records; and again when the connection breaks. A write that broke is never
 * tried again.
 */
final class Session implements Worker {

    private static final long FIRST_PAUSE_MICROS = 2_000;
    private static final long LONGEST_PAUSE_MICROS = 100_000;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final int number;
    private final Deed deed;
    private final Connector connector;
    private final PrimaryFinder finder;
    private final Recorder recorder;
    private final Pace pace;
    private final SplittableRandom random;
    private final Duration patience;
    private final long stall;

    // Written by the session's thread, read by the one that watches over it.
    private volatile @Nullable Link link;
    private volatile long busySince = IDLE;
    private volatile boolean stopping;

    private static final long IDLE = -1;

    /**
     * A session.
     *
     * @param deed what it does over and over
     */
    Session(
            int number,
            Deed deed,
            Connector connector,
            PrimaryFinder finder,
            Recorder recorder,
            Pace pace,
            SplittableRandom random,
            Duration patience) {
        this.number = number;
        this.deed = deed;
        this.connector = connector;
        this.finder = finder;
        this.recorder = recorder;
        this.pace = pace;
        this.random = random;
        this.patience = patience;
        this.stall = patience.toNanos();
    }

    @Override
    public void work() throws InterruptedException {
        try {
            workUntilStopped();
        } finally {
            deed.close();
        }
    }

    private void workUntilStopped() throws InterruptedException {
        long pause = FIRST_PAUSE_MICROS;
        while (!stopping) {
            Optional<Link> opened = connect();
            if (opened.isEmpty()) {
                TimeUnit.MICROSECONDS.sleep(pause / 2 + random.nextLong(pause));
                pause = Math.min(2 * pause, LONGEST_PAUSE_MICROS);
                continue;
            }
            pause = FIRST_PAUSE_MICROS;
            write(opened.get());
        }
    }

    private Optional<Link> connect() throws InterruptedException {
        Optional<PrimaryFinder.Found> found = finder.find(LOOK);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Endpoint endpoint = found.get().endpoint();
        try {
            Optional<Connection> given = found.get().connection();
            Connection connection = given.isPresent() ? given.get() : connector.connectToPrimary(endpoint);
            Link opened = Link.open(connection, endpoint, deed.autocommit());
            link = opened;
            ready(opened);
            return Optional.of(opened);
        } catch (SQLException e) {
            finder.lost(endpoint);
            return Optional.empty();
        }
    }

    private void ready(Link opened) throws SQLException {
        try {
            deed.ready(opened);
        } catch (SQLException e) {
            link = null;
            opened.close();
            throw e;
        }
    }

    private void write(Link to) throws InterruptedException {
        try {
            boolean sound = true;
            while (sound && !stopping) {
                pace.await();
                if (!stopping) {
                    sound = writeOnce(to);
                }
            }
            if (!sound) {
                finder.lost(to.endpoint());
            }
        } finally {
            link = null;
            to.close();
        }
    }

    /** False if the connection is of no more use. */
    private boolean writeOnce(Link to) {
        busySince = recorder.clock().nanos();
        try {
            return deed.once(to);
        } finally {
            busySince = IDLE;
        }
    }

    /** Whether the session has waited for an answer for longer than its patience. */
    boolean isStalled() {
        long since = busySince;
        return since != IDLE && recorder.clock().nanos() - since > stall;
    }

    /** Gives up waiting if the primary is known to be elsewhere by now. */
    void leaveUnlessAt(Endpoint primary) {
        Link mine = link;
        if (mine != null && isStalled() && !mine.endpoint().equals(primary)) {
            mine.abort();
        }
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public void abort() {
        Link mine = link;
        if (mine != null) {
            mine.abort();
        }
        deed.abort();
    }

    @Override
    public String toString() {
        return "session " + number + " (patience " + patience.toMillis() + " ms)";
    }
}
