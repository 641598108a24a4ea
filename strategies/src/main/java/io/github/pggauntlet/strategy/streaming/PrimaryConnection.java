package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replication connection to another member, which is also one to a database: what a standby has to know of its primary,
 * and to do there, before it follows it. For use by one thread.
 */
final class PrimaryConnection implements AutoCloseable {

    /** The oldest WAL: the least of the segments' names without their timelines. */
    private static final String OLDEST_WAL = """
            select min(substr(name, 9)), (select setting from pg_settings where name = 'wal_segment_size')
              from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'
            """;

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryConnection.class);
    private static final int HEXADECIMAL = 16;
    private static final int NUMBER_LENGTH = 8;

    private final String member;
    private final Endpoint endpoint;
    private final Connection connection;

    /**
     * @param member the other member
     * @param endpoint where it is reached
     * @param password the replication role's password
     * @param tls the properties that make it a connection with TLS, or one without
     * @param limit how long to wait for one answer
     * @throws HaException if it cannot be reached
     */
    PrimaryConnection(String member, Endpoint endpoint, Secret password, Map<String, String> tls, Duration limit) {
        this.member = member;
        this.endpoint = endpoint;
        Properties properties = new Properties();
        properties.setProperty("user", LocalServer.REPLICATION_USER);
        properties.setProperty("password", password.reveal());
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("preferQueryMode", "simple");
        tls.forEach(properties::setProperty);
        String seconds = Long.toString(Math.max(1, limit.toSeconds()));
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        try {
            connection = DriverManager.getConnection("jdbc:postgresql://" + endpoint + "/postgres", properties);
        } catch (SQLException e) {
            throw failed("be reached", e);
        }
    }

    private HaException failed(String what, SQLException e) {
        return new HaException(member + " at " + endpoint + " could not " + what + ": " + e.getMessage(), e);
    }

    /** Whose data it has, and what has become of their timelines and WAL. */
    Server.Identity identity() {
        try (Statement statement = connection.createStatement()) {
            String systemIdentifier;
            int timeline;
            try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
                row.next();
                systemIdentifier = row.getString("systemid");
                timeline = row.getInt("timeline");
            }
            TimelineHistory history = TimelineHistory.first();
            if (timeline > 1) {
                try (ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
                    row.next();
                    history = TimelineHistory.parse(timeline, row.getString(2));
                }
            }
            return new Server.Identity(systemIdentifier, history, oldestWal(statement));
        } catch (SQLException e) {
            throw failed("say whose data it has", e);
        }
    }

    /** It is good to know and nothing rests on it. */
    private Optional<Lsn> oldestWal(Statement statement) {
        try (ResultSet row = statement.executeQuery(OLDEST_WAL)) {
            row.next();
            String name = row.getString(1);
            if (name == null) {
                return Optional.empty();
            }
            return Optional.of(startOf(name, Long.parseLong(row.getString(2))));
        } catch (SQLException e) {
            LOG.info("{} does not tell how old its oldest WAL is: {}", member, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Where a segment starts ({@code src/include/access/xlog_internal.h}, {@code XLogFileName}).
     *
     * @param name the segment's name without its timeline
     */
    static Lsn startOf(String name, long segmentSize) {
        long high = Long.parseLong(name.substring(0, NUMBER_LENGTH), HEXADECIMAL);
        long low = Long.parseLong(name.substring(NUMBER_LENGTH), HEXADECIMAL);
        return new Lsn((high << 32) + low * segmentSize);
    }

    /** How many bytes all its databases take, and its WAL; 0 if it does not tell. */
    long size() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select (select sum(pg_database_size(oid)) from pg_database
                                 where has_database_privilege(oid, 'connect'))
                             + (select sum(size) from pg_ls_waldir())
                        """)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            LOG.info("{} does not tell how much data it has: {}", member, e.getMessage());
            return 0;
        }
    }

    /**
     * Sees to it that there is a slot that keeps WAL: one that has lost the WAL it kept is of no use to anybody, and neither
     * streaming nor a copy can begin with it.
     *
     * @return what was done, if anything
     */
    Optional<String> claim(String slot) {
        try (Statement statement = connection.createStatement()) {
            String status;
            try (ResultSet row = statement.executeQuery(
                    "select coalesce(wal_status, 'none') from pg_replication_slots where slot_name = '" + slot + "'")) {
                status = row.next() ? row.getString(1) : "absent";
            }
            if (status.equals("lost")) {
                statement.execute("DROP_REPLICATION_SLOT " + slot);
            } else if (!status.equals("absent")) {
                return Optional.empty();
            }
            statement.execute("CREATE_REPLICATION_SLOT " + slot + " PHYSICAL RESERVE_WAL");
            return Optional.of("its slot on " + member + " was " + status + " and has been made anew");
        } catch (SQLException e) {
            throw failed("provide the slot " + slot, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.trace("closing", e);
        }
    }
}
