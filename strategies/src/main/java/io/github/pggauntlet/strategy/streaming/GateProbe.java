package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits small transactions, one after the other, until one of them waits for a standby. That it waits can be seen in
 * {@code pg_stat_activity}, and is the only proof to be had that commits wait at all.
 */
final class GateProbe implements AutoCloseable {

    /** What the probe is called in {@code pg_stat_activity}. */
    static final String NAME = "gauntlet-gate-probe";

    private static final Logger LOG = LoggerFactory.getLogger(GateProbe.class);

    private final Connection connection;
    private volatile boolean finished;

    GateProbe(AgentConfig config) {
        Properties properties = new Properties();
        properties.setProperty("user", ServerConnection.SUPERUSER);
        properties.setProperty("password", config.credentials().superuser().reveal());
        properties.setProperty("sslmode", "disable");
        properties.setProperty("ApplicationName", NAME);
        properties.setProperty("options", "-csynchronous_commit=on");
        try {
            connection = DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + config.postgresPort() + "/postgres", properties);
        } catch (SQLException e) {
            throw new HaException("The gate could not be probed: " + e.getMessage(), e);
        }
        Thread thread = new Thread(this::run, NAME);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (Statement statement = connection.createStatement()) {
            while (!finished) {
                // A message in the WAL that takes part in the transaction, so that its commit is a real one.
                statement.execute("select pg_logical_emit_message(true, 'pg-gauntlet', 'gate')");
            }
        } catch (SQLException e) {
            LOG.debug("The gate's probe has ended: {}", e.getMessage());
        }
    }

    /** No further commits. The one that waits goes on waiting until the gate lets it through. */
    void finish() {
        finished = true;
    }

    @Override
    public void close() {
        finished = true;
        // Not by abort(): cancelling a wait for a standby ends it with a warning and is harmless here, yet a wait that
        // is
        // let through by the gate needs no help. The backend ends by itself once its commit is through.
        Thread closer = new Thread(
                () -> {
                    try {
                        connection.close();
                    } catch (SQLException e) {
                        LOG.debug("The gate's probe could not be closed: {}", e.getMessage());
                    }
                },
                NAME + "-close");
        closer.setDaemon(true);
        closer.start();
    }
}
