package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A session's connection to a primary.
 *
 * @param endpoint where it leads
 * @param connection the connection
 * @param insert inserts one row
 * @param node the member at its other end
 * @param timeline the timeline that member writes on: a primary keeps its timeline as long as it runs
 */
record Link(Endpoint endpoint, Connection connection, PreparedStatement insert, String node, int timeline) {

    /** A link over a connection to a primary; the connection is broken if that fails. */
    static Link open(Connection connection, Endpoint endpoint, boolean autocommit) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet who = statement.executeQuery(Ledger.WHO)) {
            who.next();
            String node = who.getString(1);
            int timeline = who.getInt(2);
            connection.setAutoCommit(autocommit);
            return new Link(endpoint, connection, connection.prepareStatement(Ledger.INSERT), node, timeline);
        } catch (SQLException e) {
            close(connection);
            throw e;
        }
    }

    /** Inserts and commits one row. */
    Answer insertOne(long key, int session) {
        try {
            insert(key, session);
            return Answer.committed(firstOf(insert.getWarnings(), connection.getWarnings()));
        } catch (SQLException e) {
            return Answer.perhapsCommitted(e);
        }
    }

    /** Inserts several rows and commits them together. */
    Answer insertAll(long firstKey, int keys, int session) {
        try {
            for (long key = firstKey; key < firstKey + keys; key++) {
                insert(key, session);
            }
            connection.clearWarnings();
        } catch (SQLException e) {
            return Answer.neverCommitted(e);
        }
        try {
            connection.commit();
            return Answer.committed(connection.getWarnings());
        } catch (SQLException e) {
            return Answer.perhapsCommitted(e);
        }
    }

    private void insert(long key, int session) throws SQLException {
        insert.setLong(1, key);
        insert.setInt(2, session);
        insert.setString(3, Ledger.content(key));
        insert.executeUpdate();
    }

    /** Breaks the connection, also while another thread waits on it. */
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is broken already.
        }
    }

    void close() {
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            // Not close(): that sends a farewell, and may wait for a host that no longer answers.
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is broken already.
        }
    }

    private static @Nullable SQLWarning firstOf(@Nullable SQLWarning one, @Nullable SQLWarning other) {
        return one != null ? one : other;
    }
}
