package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * Connects to one endpoint, within bounds.
 *
 * <p>{@code loginTimeout} is pgjdbc's only bound on a connection attempt as a whole: behind a proxy the connection to a dead
 * host is accepted and then silent, which neither {@code connectTimeout} nor a refused connection would tell. Without
 * {@code sslmode=disable} each attempt would be made twice.
 *
 * @param access how applications reach the cluster: the database, the role and its password are taken from here
 * @param application the application's name, as PostgreSQL shows it
 * @param login how long an attempt may take, in whole seconds of at least one
 * @param answer how long one answer may take once connected, in whole seconds of at least one
 */
record Connector(ClientAccess access, String application, Duration login, Duration answer) {

    /** Connects to whatever PostgreSQL answers there. */
    Connection connect(Endpoint endpoint) throws SQLException {
        return connect(endpoint, "any");
    }

    /** Connects if what answers there is not read-only. */
    Connection connectToPrimary(Endpoint endpoint) throws SQLException {
        return connect(endpoint, "primary");
    }

    private Connection connect(Endpoint endpoint, String target) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", access.user());
        properties.setProperty("password", access.password().reveal());
        properties.setProperty("ApplicationName", application);
        properties.setProperty("targetServerType", target);
        properties.setProperty("loginTimeout", seconds(login));
        properties.setProperty("connectTimeout", seconds(login));
        properties.setProperty("socketTimeout", seconds(answer));
        properties.setProperty("tcpKeepAlive", "true");
        access.tlsProperties().forEach(properties::setProperty);
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("hostRecheckSeconds", "0");
        // Spares the round trips that only older servers need.
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("prepareThreshold", "1");
        return DriverManager.getConnection("jdbc:postgresql://" + endpoint + "/" + access.database(), properties);
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }
}
