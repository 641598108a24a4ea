package io.github.pggauntlet.harness.workload;

/** The table that all sessions write to, and what is in its rows. */
final class Ledger {

    /** Parameters: key, session, content. */
    static final String INSERT = "INSERT INTO ledger (key, session, content) VALUES (?, ?, ?)";

    /** The timeline a primary writes on. What the control file says lags behind until the checkpoint after a promotion. */
    static final String TIMELINE = "('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int";

    /** What a session asks a primary once, when it has connected. */
    static final String WHO = "SELECT current_setting('cluster_name'), " + TIMELINE;

    /** {@link #content} in SQL. */
    static final String CONTENT = "'row ' || key || ' ' || to_hex((key * 2654435761) & 4294967295)";

    private static final long MULTIPLIER = 2_654_435_761L;
    private static final long LOW = 0xFFFF_FFFFL;

    private Ledger() {}

    /** What the row with this key holds: a function of the key, so that a row nobody wrote so is known by its looks. */
    static String content(long key) {
        return "row " + key + " " + Long.toHexString(key * MULTIPLIER & LOW);
    }
}
