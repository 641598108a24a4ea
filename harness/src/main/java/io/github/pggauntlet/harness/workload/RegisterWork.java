package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Access;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One access to one row that counts its versions: a read, which locks the row, so that no read-only or isolated server can
 * answer it; a write; or a compare-and-set that expects what the session read last.
 */
final class RegisterWork implements Work {

    static final int REGISTERS = 5;
    static final String TABLE = "CREATE TABLE IF NOT EXISTS gauntlet_register"
            + " (key int PRIMARY KEY, version int NOT NULL, value bigint NOT NULL)";
    static final String ROWS = "INSERT INTO gauntlet_register SELECT key, 0, 0 FROM generate_series(0, "
            + (REGISTERS - 1) + ") key ON CONFLICT DO NOTHING";
    static final String ALL = "SELECT key, version, value FROM gauntlet_register FOR UPDATE";

    private static final String READ = "SELECT version, value FROM gauntlet_register WHERE key = ? FOR UPDATE";
    private static final String WRITE =
            "UPDATE gauntlet_register SET version = version + 1, value = ? WHERE key = ? RETURNING version";
    private static final String COMPARE_AND_SET = "UPDATE gauntlet_register SET version = version + 1, value = ?"
            + " WHERE key = ? AND value = ? RETURNING version";
    private static final int KINDS = 3;

    private final AtomicLong values;
    private final SplittableRandom random;
    private final Map<Integer, Long> known = new HashMap<>();

    /** @param values where values that nobody else writes come from */
    RegisterWork(AtomicLong values, SplittableRandom random) {
        this.values = values;
        this.random = random;
    }

    @Override
    public boolean fill(Connection connection, List<Access> accesses, Specials special) throws SQLException {
        int key = random.nextInt(REGISTERS);
        int kind = random.nextInt(KINDS);
        if (kind == 0) {
            read(connection, key, accesses);
            return true;
        }
        long value = values.incrementAndGet();
        Long last = known.get(key);
        OptionalLong expected = kind == 1 || last == null ? OptionalLong.empty() : OptionalLong.of(last);
        accesses.add(new Access.Put(key, value, Access.UNKNOWN, expected));
        try (PreparedStatement statement =
                connection.prepareStatement(expected.isPresent() ? COMPARE_AND_SET : WRITE)) {
            statement.setLong(1, value);
            statement.setInt(2, key);
            if (expected.isPresent()) {
                statement.setLong(3, expected.getAsLong());
            }
            try (ResultSet row = statement.executeQuery()) {
                boolean fitted = row.next();
                if (fitted) {
                    accesses.set(0, new Access.Put(key, value, row.getInt(1), expected));
                }
                return fitted;
            }
        }
    }

    private void read(Connection connection, int key, List<Access> accesses) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, key);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("There is no register " + key + ".");
                }
                Access.Get read = get(key, row.getInt(1), row.getLong(2));
                read.value().ifPresent(value -> known.put(key, value));
                accesses.add(read);
            }
        }
    }

    static Access.Get get(int key, int version, long value) {
        return new Access.Get(key, version, version == 0 ? OptionalLong.empty() : OptionalLong.of(value));
    }
}
