package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Access;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Reads lists and appends to lists; at least one append, so that no transaction commits where nothing can be written. */
final class AppendWork implements Work {

    static final String TABLE =
            "CREATE TABLE IF NOT EXISTS gauntlet_list (key int PRIMARY KEY, elements int[] NOT NULL)";
    static final String ALL = "SELECT key, elements FROM gauntlet_list";

    private static final String APPEND = "INSERT INTO gauntlet_list VALUES (?, ARRAY[?::int])"
            + " ON CONFLICT (key) DO UPDATE SET elements = gauntlet_list.elements || excluded.elements"
            + " RETURNING cardinality(elements) - 1";
    private static final String READ = "SELECT elements FROM gauntlet_list WHERE key = ?";
    private static final int MOST_READS = 3;
    private static final int MOST_APPENDS = 2;

    private final ListKeys keys;
    private final SplittableRandom random;

    AppendWork(ListKeys keys, SplittableRandom random) {
        this.keys = keys;
        this.random = random;
    }

    @Override
    public boolean fill(Connection connection, List<Access> accesses, Specials special) throws SQLException {
        int reads = random.nextInt(MOST_READS + 1);
        for (int i = 0; i < reads; i++) {
            int key = keys.draw(random);
            accesses.add(new Access.ReadList(key, read(connection, key)));
        }
        special.pause();
        int appends = 1 + random.nextInt(MOST_APPENDS);
        for (int i = 0; i < appends; i++) {
            int key = keys.draw(random);
            int taken = keys.value();
            special.abandon(new Access.Append(key, taken, Access.UNKNOWN), () -> append(connection, key, taken));
            int value = keys.value();
            accesses.add(new Access.Append(key, value, Access.UNKNOWN));
            int place = append(connection, key, value);
            accesses.set(accesses.size() - 1, new Access.Append(key, value, place));
        }
        return true;
    }

    private static int append(Connection connection, int key, int value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
            statement.setInt(1, key);
            statement.setInt(2, value);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static List<Integer> read(Connection connection, int key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? elements(row.getArray(1)) : List.of();
            }
        }
    }

    static List<Integer> elements(Array array) throws SQLException {
        return Arrays.asList((Integer[]) array.getArray());
    }
}
