package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;

/**
 * Reads all rows of one member directly, by the operator's route.
 *
 * <p>On a primary the same transaction first locks a row ({@code FOR UPDATE}), then changes it, and its COMMIT must come back
 * clean: so the answer is that of a primary whose writes count, and not that of one cut off. On a standby the rows are read
 * as they are. All rows come from one statement, so from one snapshot. Safe for use by several threads.
 */
public final class FinalReader {

    private static final int FETCH = 20_000;
    private static final Duration LOGIN = Duration.ofSeconds(2);

    private static final String PROVE = "SELECT reads FROM ledger_marker WHERE id = 1 FOR UPDATE";
    static final String MARK = "UPDATE ledger_marker SET reads = reads + 1 WHERE id = 1";

    // Key, whether it is what its writer wrote, and what tells two members' rows apart.
    private static final String ROWS = "SELECT key, CASE WHEN content = " + Ledger.CONTENT
            + " THEN 1 ELSE 0 END, hashtextextended(session || ' ' || content, key) FROM ledger";

    private static final String STANDBY_TIMELINE =
            "SELECT coalesce((SELECT received_tli FROM pg_stat_wal_receiver), 0)";

    private final ClientAccess access;
    private final Routes routes;
    private final Recorder recorder;
    private final Connector connector;

    /**
     * A reader.
     *
     * @param access the database, the role and its password
     * @param routes by which the operator reaches each member's PostgreSQL
     * @param recorder where reads are recorded
     * @param answer how long a member may be silent
     */
    public FinalReader(ClientAccess access, Routes routes, Recorder recorder, Duration answer) {
        this.access = access;
        this.routes = routes;
        this.recorder = recorder;
        this.connector = new Connector(this.access, "gauntlet reader", LOGIN, answer);
    }

    /**
     * Reads one member and records what was read.
     *
     * @throws SQLException if the member does not answer, or not in time; nothing is recorded then
     */
    public Operation.Read read(String member, Occasion occasion) throws SQLException {
        Endpoint endpoint = routes.route(Routes.OPERATOR, member, Service.POSTGRES);
        try (Connection connection = connector.connect(endpoint)) {
            connection.setAutoCommit(false);
            Operation.Read read = read(connection, member, occasion);
            recorder.record(read);
            return read;
        }
    }

    private Operation.Read read(Connection connection, String member, Occasion occasion) throws SQLException {
        long invoked = recorder.clock().nanos();
        try (Statement statement = connection.createStatement()) {
            boolean primary = !flag(statement, "SELECT pg_is_in_recovery()");
            if (primary) {
                number(statement, PROVE);
                statement.executeUpdate(MARK);
            }
            int timeline = number(statement, primary ? "SELECT " + Ledger.TIMELINE : STANDBY_TIMELINE);
            Rows rows = new Rows();
            rows.readFrom(connection);
            connection.clearWarnings();
            connection.commit();
            boolean proven = primary && connection.getWarnings() == null;
            return rows.read(member, occasion, invoked, recorder.clock().nanos(), timeline, proven);
        }
    }

    private static boolean flag(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getBoolean(1);
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            if (!result.next()) {
                throw new SQLException("The query '" + sql + "' found no row.");
            }
            return result.getInt(1);
        }
    }

    /** The rows of one read. */
    private static final class Rows {

        private final KeySet.Builder keys = new KeySet.Builder();
        private String firstForeign = "";
        private long foreign;
        private long count;
        private long sum;
        private long mixed;

        void readFrom(Connection connection) throws SQLException {
            try (PreparedStatement query = connection.prepareStatement(ROWS)) {
                // By a cursor: a million rows need not lie in memory at once.
                query.setFetchSize(FETCH);
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        add(rows.getLong(1), rows.getInt(2) == 1, rows.getLong(3));
                    }
                }
            }
        }

        private void add(long key, boolean own, long hash) {
            count++;
            sum += hash;
            // A sum alone would not notice that two rows had changed places with two others of equal sum.
            mixed += Long.rotateLeft(hash * 0x9E3779B97F4A7C15L, 29) * (hash | 1);
            if (own && key > 0 && key <= KeySet.LARGEST) {
                keys.add(key);
                return;
            }
            foreign++;
            if (firstForeign.isEmpty()) {
                firstForeign = "the row with the key " + key;
            }
        }

        Operation.Read read(
                String member, Occasion occasion, long invoked, long completed, int timeline, boolean proven) {
            String digest = String.format(Locale.ROOT, "%d-%016x%016x", count, sum, mixed);
            return new Operation.Read(
                    member,
                    occasion,
                    invoked,
                    completed,
                    timeline,
                    proven,
                    keys.build(),
                    foreign,
                    count,
                    digest,
                    firstForeign);
        }
    }
}
