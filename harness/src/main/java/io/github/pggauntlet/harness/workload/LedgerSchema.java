package io.github.pggauntlet.harness.workload;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Makes the tables of the workload. */
public final class LedgerSchema {

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

    /**
     * Makes the ledger's tables alone, unless they are there.
     *
     * @throws SQLException if the database refuses
     */
    public static void create(Connection connection) throws SQLException {
        create(WorkloadChoice.ledger(), connection);
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
