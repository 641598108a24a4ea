package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads everything that the workload beside the ledger has left on a primary, in a transaction that also commits a write: what
 * was acknowledged and lost before anybody read it shows only so.
 */
public final class FinalTransactions {

    private static final Duration LOGIN = Duration.ofSeconds(2);

    private final WorkloadChoice choice;
    private final Routes routes;
    private final Recorder recorder;
    private final Connector connector;

    /**
     * A reader.
     *
     * @param choice the workload
     * @param access the database, the role and its password
     * @param routes by which the operator reaches each member's PostgreSQL
     * @param recorder where the reads are recorded
     * @param answer how long a member may be silent
     */
    public FinalTransactions(
            WorkloadChoice choice, ClientAccess access, Routes routes, Recorder recorder, Duration answer) {
        this.choice = choice;
        this.routes = routes;
        this.recorder = recorder;
        this.connector = new Connector(access, "gauntlet reader", LOGIN, answer);
    }

    /**
     * Reads one member, which must be a primary, and records what was read; nothing if there is nothing to be read.
     *
     * @throws SQLException if the member does not answer, is no primary, or does not commit cleanly; nothing is recorded then
     */
    public void read(String member) throws SQLException {
        if (choice.kind() == WorkloadChoice.Kind.LEDGER || choice.kind() == WorkloadChoice.Kind.STANDBY_READS) {
            return;
        }
        Endpoint endpoint = routes.route(Routes.OPERATOR, member, Service.POSTGRES);
        long id = recorder.newId();
        int session = recorder.newSession();
        try (Connection connection = connector.connect(endpoint);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            long invoked = recorder.clock().nanos();
            statement.executeUpdate(FinalReader.MARK);
            int timeline;
            try (ResultSet row = statement.executeQuery("SELECT " + Ledger.TIMELINE)) {
                row.next();
                timeline = row.getInt(1);
            }
            List<Access> accesses = accesses(statement);
            connection.clearWarnings();
            connection.commit();
            if (connection.getWarnings() != null) {
                throw new SQLException("The commit of the final read came with a warning.", connection.getWarnings());
            }
            recorder.record(new Operation.Transaction(
                    id,
                    session,
                    invoked,
                    recorder.clock().nanos(),
                    Outcome.ACKNOWLEDGED,
                    "",
                    member,
                    timeline,
                    accesses,
                    Operation.Transaction.FINAL_READ));
        }
    }

    private List<Access> accesses(Statement statement) throws SQLException {
        List<Access> accesses = new ArrayList<>();
        List<Long> balances = new ArrayList<>();
        String query = switch (choice.kind()) {
            case APPEND -> AppendWork.ALL;
            case REGISTER -> RegisterWork.ALL;
            default -> BankWork.ALL;
        };
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                switch (choice.kind()) {
                    case APPEND ->
                        accesses.add(new Access.ReadList(rows.getInt(1), AppendWork.elements(rows.getArray(2))));
                    case REGISTER -> accesses.add(RegisterWork.get(rows.getInt(1), rows.getInt(2), rows.getLong(3)));
                    default -> balances.add(rows.getLong(1));
                }
            }
        }
        if (choice.kind() == WorkloadChoice.Kind.BANK) {
            accesses.add(new Access.Balances(balances));
        }
        return accesses;
    }
}
