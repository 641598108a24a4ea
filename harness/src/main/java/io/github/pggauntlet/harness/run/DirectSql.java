package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;

/** Asks one member's PostgreSQL directly, as the application's role. */
final class DirectSql {

    private static final String SECONDS = "5";

    private final ClientAccess access;

    DirectSql(ClientAccess access) {
        this.access = access;
    }

    Connection connect(Endpoint endpoint) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", access.user());
        properties.setProperty("password", access.password().reveal());
        access.tlsProperties().forEach(properties::setProperty);
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
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
