package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/** Asks one member's PostgreSQL directly, as the application's role. */
final class DirectSql {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final ClientAccess access;
    private final Duration answer;

    DirectSql(ClientAccess access) {
        this(access, CONNECT);
    }

    /** @param answer how long an answer may take */
    DirectSql(ClientAccess access, Duration answer) {
        this.access = access;
        this.answer = answer;
    }

    Connection connect(Endpoint endpoint) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", access.user());
        properties.setProperty("password", access.password().reveal());
        access.tlsProperties().forEach(properties::setProperty);
        properties.setProperty("loginTimeout", Long.toString(CONNECT.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(answer.toSeconds()));
        properties.setProperty("ApplicationName", "gauntlet operator");
        return DriverManager.getConnection("jdbc:postgresql://" + endpoint + "/" + access.database(), properties);
    }

    /** Whatever a statement gives: the first column of its first row, or nothing. */
    Optional<String> execute(Endpoint endpoint, String statement) throws SQLException {
        try (Connection connection = connect(endpoint);
                Statement executed = connection.createStatement()) {
            if (!executed.execute(statement)) {
                return Optional.empty();
            }
            try (ResultSet rows = executed.getResultSet()) {
                return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
            }
        }
    }

    /** All rows, each a list of its columns; a null is an empty text. */
    List<List<String>> rows(Endpoint endpoint, String query) throws SQLException {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            List<List<String>> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(Objects.requireNonNullElse(rows.getString(column), ""));
                }
                all.add(row);
            }
            return all;
        }
    }

    /** The first column of the only row. */
    String ask(Endpoint endpoint, String query) throws SQLException {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }
}
