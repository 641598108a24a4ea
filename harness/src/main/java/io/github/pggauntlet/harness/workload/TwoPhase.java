package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Commits in two phases, and settles what was left in doubt as a coordinator does: what is known to have been prepared is
 * committed, the rest is rolled back. What the client was told of a transaction does not change by that: it was left in doubt.
 */
final class TwoPhase {

    private final String prefix;
    private final Set<String> decided = new HashSet<>();
    private long count;

    /** @param session the session's number */
    TwoPhase(int session) {
        this.prefix = "gauntlet_" + session + "_";
    }

    /** Prepares the transaction that is open and commits it. */
    Answer commit(Connection connection) throws SQLException {
        count++;
        String name = prefix + count;
        try (Statement statement = connection.createStatement()) {
            // Names hold nothing but letters and digits of ours; they cannot be parameters.
            statement.execute("PREPARE TRANSACTION '" + name + "'");
        } catch (SQLException e) {
            return Answer.perhapsCommitted(e);
        }
        decided.add(name);
        try {
            connection.setAutoCommit(true);
            Answer answer;
            try (Statement statement = connection.createStatement()) {
                connection.clearWarnings();
                statement.execute("COMMIT PREPARED '" + name + "'");
                answer = Answer.committed(statement.getWarnings());
            }
            connection.setAutoCommit(false);
            decided.remove(name);
            return answer;
        } catch (SQLException e) {
            // Decided, and to be settled later: never failed.
            Answer answer = Answer.perhapsCommitted(e);
            return new Answer(Outcome.UNKNOWN, answer.sqlState(), answer.detail());
        }
    }

    /** Settles what this session has left in doubt. The connection commits by itself. */
    void settle(Connection connection) throws SQLException {
        List<String> left = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT gid FROM pg_prepared_xacts WHERE starts_with(gid, ?)")) {
            query.setString(1, prefix);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    left.add(rows.getString(1));
                }
            }
        }
        try (Statement statement = connection.createStatement()) {
            for (String name : left) {
                String how = decided.contains(name) ? "COMMIT" : "ROLLBACK";
                statement.execute(how + " PREPARED '" + name + "'");
                decided.remove(name);
            }
        }
    }
}
