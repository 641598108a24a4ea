package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.streaming.ServerView.Connected;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the agent to its own PostgreSQL, kept open between questions and made anew after a failure. For use by
 * one thread at a time.
 */
final class ServerConnection implements AutoCloseable {

    /** The agents' own superuser. */
    static final String SUPERUSER = Credentials.SUPERUSER;

    private static final String OBSERVE = """
            select pg_is_in_recovery(),
                   case when pg_is_in_recovery()
                        then greatest(coalesce(pg_last_wal_receive_lsn(), '0/0'), coalesce(pg_last_wal_replay_lsn(), '0/0'))
                        else pg_current_wal_flush_lsn() end,
                   case when pg_is_in_recovery()
                        then coalesce((select received_tli from pg_stat_wal_receiver),
                                      (select greatest(c.timeline_id, r.min_recovery_end_timeline,
                                                       (select max(('x' || substr(name, 1, 8))::bit(32)::int)
                                                          from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'))
                                         from pg_control_checkpoint() c, pg_control_recovery() r))
                        else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end,
                   exists (select from pg_stat_wal_receiver where status = 'streaming'),
                   pg_is_in_recovery()
                     and not exists (select from pg_stat_wal_receiver)
                     and not exists (select from pg_stat_activity
                                      where backend_type = 'startup'
                                        and wait_event in ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'))
            """;

    private static final String STANDBYS = """
            select application_name, state = 'streaming', sync_state in ('sync', 'quorum'), coalesce(flush_lsn, '0/0')
              from pg_stat_replication
            """;

    private static final String WAL_STATE = """
            select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() end,
                   case when pg_is_in_recovery() then pg_last_wal_replay_lsn() end,
                   (select latest_end_lsn from pg_stat_wal_receiver where status = 'streaming'),
                   current_setting('server_version_num')::int,
                   extract(epoch from pg_postmaster_start_time()) * 1000,
                   exists (select from pg_settings where pending_restart)
            """;

    private final int port;
    private final Secret password;
    private final String name;
    private final Duration limit;
    private final AtomicInteger timelineSeen;
    private @Nullable Connection connection;

    /**
     * @param port where PostgreSQL listens on this machine
     * @param password the superuser's password
     * @param name what the connection is called in {@code pg_stat_activity}
     * @param limit how long to wait for one answer
     * @param timelineSeen the latest timeline that PostgreSQL has been seen on since it was started. A standby that does not
     *     stream tells only that of its last restart point, which may be far behind.
     */
    ServerConnection(int port, Secret password, String name, Duration limit, AtomicInteger timelineSeen) {
        this.port = port;
        this.password = password;
        this.name = name;
        this.limit = limit;
        this.timelineSeen = timelineSeen;
    }

    /** What the server does; the state tells if it does not answer. */
    ServerView observe(OptionalLong postmaster) {
        try (PreparedStatement own = open().prepareStatement(OBSERVE);
                PreparedStatement others = open().prepareStatement(STANDBYS)) {
            boolean recovering;
            Lsn lsn;
            int timeline;
            boolean streaming;
            boolean replaying;
            try (ResultSet row = own.executeQuery()) {
                row.next();
                recovering = row.getBoolean(1);
                lsn = Lsn.parse(row.getString(2));
                timeline = timelineSeen.accumulateAndGet(row.getInt(3), Math::max);
                streaming = row.getBoolean(4);
                replaying = row.getBoolean(5);
            }
            List<Connected> standbys = new ArrayList<>();
            if (!recovering) {
                try (ResultSet row = others.executeQuery()) {
                    while (row.next()) {
                        standbys.add(new Connected(
                                row.getString(1), row.getBoolean(2), row.getBoolean(3), Lsn.parse(row.getString(4))));
                    }
                }
            }
            if (replaying) {
                // How far it has come is not known before it has replayed all that it has.
                return ServerView.without(Postgres.STARTING, postmaster);
            }
            return new ServerView(
                    recovering ? Postgres.STANDBY : Postgres.PRIMARY, postmaster, timeline, lsn, streaming, standbys);
        } catch (SQLException e) {
            boolean comingUp = "57P03".equals(e.getSQLState()) || "08001".equals(e.getSQLState());
            close();
            return ServerView.without(comingUp ? Postgres.STARTING : Postgres.SILENT, postmaster);
        }
    }

    /** What the server tells about its WAL and itself; empty if it does not answer. */
    Optional<WalState> walState() {
        try (Statement statement = open().createStatement();
                ResultSet row = statement.executeQuery(WAL_STATE)) {
            row.next();
            return Optional.of(new WalState(
                    Optional.ofNullable(row.getString(1)).map(Lsn::parse),
                    Optional.ofNullable(row.getString(2)).map(Lsn::parse),
                    Optional.ofNullable(row.getString(3)).map(Lsn::parse),
                    row.getInt(4),
                    Instant.ofEpochMilli(row.getLong(5)),
                    row.getBoolean(6)));
        } catch (SQLException e) {
            close();
            return Optional.empty();
        }
    }

    /** Runs statements that return nothing of interest. */
    void execute(String... sql) throws SQLException {
        try (Statement statement = open().createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    /** The first column of the first row. */
    String ask(String sql, String... arguments) throws SQLException {
        try (PreparedStatement statement = open().prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("The query returned no row: " + sql);
                }
                return String.valueOf(row.getString(1));
            }
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    /** All rows, each value as text. */
    List<List<String>> rows(String query) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = open().createStatement();
                ResultSet row = statement.executeQuery(query)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    values.add(String.valueOf(row.getString(column)));
                }
                rows.add(List.copyOf(values));
            }
            return rows;
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private Connection open() throws SQLException {
        Connection current = connection;
        if (current == null) {
            Properties properties = new Properties();
            properties.setProperty("user", SUPERUSER);
            properties.setProperty("password", password.reveal());
            properties.setProperty("sslmode", "disable");
            properties.setProperty("ApplicationName", name);
            String seconds = Long.toString(Math.max(1, limit.toSeconds()));
            properties.setProperty("loginTimeout", seconds);
            properties.setProperty("socketTimeout", seconds);
            // What is asked several times a second, and in the middle of a failover, is not planned anew each time.
            properties.setProperty("prepareThreshold", "1");
            // The agent's own statements never wait for a standby.
            properties.setProperty("options", "-csynchronous_commit=local");
            current = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
            connection = current;
        }
        return current;
    }

    @Override
    public void close() {
        Connection current = connection;
        connection = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                // It is given up because it does not work; how it ends does not matter.
                org.slf4j.LoggerFactory.getLogger(ServerConnection.class).trace("closing", e);
            }
        }
    }
}
