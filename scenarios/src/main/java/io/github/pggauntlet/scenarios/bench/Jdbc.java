package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Connects as the harness's own sessions do.
 *
 * @param database the database
 * @param user the role
 * @param password its password
 */
record Jdbc(String database, String user, Secret password) {

    private static final String LOGIN_SECONDS = "2";
    private static final String ANSWER_SECONDS = "30";

    Connection connect(Endpoint endpoint) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        properties.setProperty("ApplicationName", "gauntlet bench");
        properties.setProperty("loginTimeout", LOGIN_SECONDS);
        properties.setProperty("connectTimeout", LOGIN_SECONDS);
        properties.setProperty("socketTimeout", ANSWER_SECONDS);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("prepareThreshold", "1");
        return DriverManager.getConnection("jdbc:postgresql://" + endpoint + "/" + database, properties);
    }
}
