package io.github.pggauntlet.harness.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the tables of the workload. */
public final class LedgerSchema {

    /** Of all kinds. */
    private static final List<String> TABLES = List.of(
            "ledger", "ledger_marker", "gauntlet_list", "gauntlet_register", "gauntlet_account", "gauntlet_note");

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private LedgerSchema() {}

    /**
     * Makes the tables, unless they are there.
     *
     * @param choice what is done beside the ledger
     * @param connection a connection to the primary, as the role made for applications, in autocommit mode
     * @throws SQLException if the database refuses
     */
    public static void create(WorkloadChoice choice, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // The tables are the harness's: they must outlive the first failover, whatever a strategy does with the
            // rows.
            statement.execute("SET synchronous_commit = on");
            statement.execute("CREATE TABLE IF NOT EXISTS ledger"
                    + " (key bigint PRIMARY KEY, session int NOT NULL, content text NOT NULL)");
            // What a read locks and writes to prove that it was answered by a working primary.
            statement.execute("CREATE TABLE IF NOT EXISTS ledger_marker (id int PRIMARY KEY, reads bigint NOT NULL)");
            statement.execute("INSERT INTO ledger_marker VALUES (1, 0) ON CONFLICT DO NOTHING");
            for (String more : beside(choice.kind())) {
                statement.execute(more);
            }
        }
    }

    /** How a connection to the primary is had. */
    public interface Opener {

        /**
         * Opens one.
         *
         * @throws SQLException if the primary cannot be reached, or is none any more
         * @throws InterruptedException if the calling thread is interrupted
         */
        Connection open() throws SQLException, InterruptedException;
    }

    /**
     * Makes the tables, unless they are there. A server that cannot be reached, shuts down, or takes no writes at the moment is
     * asked again: nothing else would be known of the cluster than that it was busy for once.
     *
     * @param choice what is done beside the ledger
     * @param opener where to
     * @param limit how long to ask again
     * @throws SQLException if the database refuses, or did not do it by then
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static void create(WorkloadChoice choice, Opener opener, Duration limit)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            try (Connection connection = opener.open()) {
                create(choice, connection);
                return;
            } catch (SQLException e) {
                if (!passing(e) || System.nanoTime() - begin > limit.toNanos()) {
                    throw e;
                }
                Thread.sleep(BETWEEN_TRIES.toMillis());
            }
        }
    }

    /** Class 08: the connection; class 57: the server is coming up or going down; 25006: it takes no writes. */
    private static boolean passing(SQLException failure) {
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        return state.startsWith("08") || state.startsWith("57") || state.equals("25006");
    }

    /**
     * Makes the ledger's tables alone, unless they are there.
     *
     * @throws SQLException if the database refuses
     */
    public static void create(Connection connection) throws SQLException {
        create(WorkloadChoice.ledger(), connection);
    }

    /**
     * Makes the tables anew: what an earlier load has left of any kind is gone, prepared transactions too.
     *
     * @param choice what is done beside the ledger
     * @param connection a connection to the primary, as the role made for applications, in autocommit mode
     * @throws SQLException if the database refuses, for example because somebody still holds a lock on them
     */
    public static void renew(WorkloadChoice choice, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> prepared = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(
                    "SELECT format('ROLLBACK PREPARED %L', gid) FROM pg_prepared_xacts WHERE database ="
                            + " current_database()")) {
                while (rows.next()) {
                    prepared.add(rows.getString(1));
                }
            }
            for (String rollback : prepared) {
                statement.execute(rollback);
            }
            statement.execute("SET lock_timeout = '5s'");
            statement.execute("DROP TABLE IF EXISTS " + String.join(", ", TABLES));
        }
        create(choice, connection);
    }

    private static List<String> beside(WorkloadChoice.Kind kind) {
        return switch (kind) {
            case LEDGER -> List.of();
            case APPEND -> List.of(AppendWork.TABLE);
            case REGISTER -> List.of(RegisterWork.TABLE, RegisterWork.ROWS);
            case BANK -> List.of(BankWork.TABLE, BankWork.ROWS);
            case STANDBY_READS -> List.of(StandbyReadsDeed.TABLE);
        };
    }
}
