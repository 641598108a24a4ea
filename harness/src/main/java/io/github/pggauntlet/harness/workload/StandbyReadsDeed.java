package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a note on the primary, and then reads all notes on another member, or now and then on the primary: as an application
 * does that sends its reads to standbys. A read that gets no answer is not recorded; it has shown nothing.
 */
final class StandbyReadsDeed implements Deed {

    static final String TABLE = "CREATE TABLE IF NOT EXISTS gauntlet_note (id bigint PRIMARY KEY)";

    private static final String WRITE = "INSERT INTO gauntlet_note VALUES (?)";

    // Everything by one statement, so from one snapshot. The timeline is the one that a primary writes. What a standby
    // receives is told to monitors only; its control file tells everybody to which timeline its rows go back at least:
    // pg_rewind and a base backup set that to the new primary's, so rows that were taken away have a timeline of their
    // own.
    private static final String READ = "SELECT current_setting('cluster_name'), CASE WHEN pg_is_in_recovery()"
            + " THEN (SELECT greatest(timeline_id, min_recovery_end_timeline)"
            + " FROM pg_control_checkpoint(), pg_control_recovery()) ELSE " + Ledger.TIMELINE + " END,"
            + " ARRAY(SELECT id FROM gauntlet_note)";
    private static final int PRIMARY_ONE_OF = 4;

    private final int number;
    private final Recorder recorder;
    private final Connector connector;
    private final SplittableRandom random;
    private final AtomicLong ids;
    private final Map<Endpoint, Connection> open = new HashMap<>();
    private volatile @Nullable Connection reading;

    /** @param ids where numbers that no other note has come from */
    StandbyReadsDeed(int number, Recorder recorder, Connector connector, SplittableRandom random, AtomicLong ids) {
        this.number = number;
        this.recorder = recorder;
        this.connector = connector;
        this.random = random;
        this.ids = ids;
    }

    @Override
    public boolean autocommit() {
        return true;
    }

    @Override
    public boolean once(Link link) {
        Answer answer = write(link);
        if (answer.outcome() == Outcome.ACKNOWLEDGED) {
            read(choose(link));
        }
        return answer.outcome() == Outcome.ACKNOWLEDGED;
    }

    private Answer write(Link link) {
        long note = ids.incrementAndGet();
        long id = recorder.newId();
        long invoked = recorder.clock().nanos();
        Answer answer;
        try (PreparedStatement statement = link.connection().prepareStatement(WRITE)) {
            link.connection().clearWarnings();
            statement.setLong(1, note);
            statement.executeUpdate();
            answer = Answer.committed(statement.getWarnings());
        } catch (SQLException e) {
            answer = Answer.perhapsCommitted(e);
        }
        recorder.record(new Operation.Transaction(
                id,
                number,
                invoked,
                recorder.clock().nanos(),
                answer.outcome(),
                answer.sqlState(),
                link.node(),
                link.timeline(),
                List.of(new Access.Note(note)),
                answer.detail()));
        return answer;
    }

    private Endpoint choose(Link link) {
        List<Endpoint> others = connector.access().endpoints().stream()
                .filter(endpoint -> !endpoint.equals(link.endpoint()))
                .toList();
        return others.isEmpty() || random.nextInt(PRIMARY_ONE_OF) == 0
                ? link.endpoint()
                : others.get(random.nextInt(others.size()));
    }

    private void read(Endpoint endpoint) {
        long id = recorder.newId();
        try {
            Connection connection = open.get(endpoint);
            if (connection == null) {
                connection = connector.connect(endpoint);
                open.put(endpoint, connection);
            }
            reading = connection;
            long invoked = recorder.clock().nanos();
            try (PreparedStatement statement = connection.prepareStatement(READ);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                KeySet.Builder notes = new KeySet.Builder();
                for (Object note : (Object[]) row.getArray(3).getArray()) {
                    notes.add(((Number) note).longValue());
                }
                recorder.record(new Operation.Transaction(
                        id,
                        number,
                        invoked,
                        recorder.clock().nanos(),
                        Outcome.ACKNOWLEDGED,
                        "",
                        row.getString(1),
                        row.getInt(2),
                        List.of(new Access.Notes(notes.build())),
                        ""));
            }
        } catch (SQLException e) {
            drop(open.remove(endpoint));
        } finally {
            reading = null;
        }
    }

    @Override
    public void abort() {
        drop(reading);
    }

    @Override
    public void close() {
        open.values().forEach(StandbyReadsDeed::drop);
        open.clear();
    }

    private static void drop(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // It is broken already.
            }
        }
    }
}
