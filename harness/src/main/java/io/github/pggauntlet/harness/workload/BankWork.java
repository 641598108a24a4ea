package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Access;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Reads all accounts, one after the other, or moves money: both balances are read and then written, as an application does that
 * trusts its isolation level. Below snapshot isolation money is made and lost by that.
 */
final class BankWork implements Work {

    static final int ACCOUNTS = 10;
    static final long EACH = 100;
    static final String TABLE =
            "CREATE TABLE IF NOT EXISTS gauntlet_account (id int PRIMARY KEY, balance bigint NOT NULL)";
    static final String ROWS = "INSERT INTO gauntlet_account SELECT id, " + EACH + " FROM generate_series(0, "
            + (ACCOUNTS - 1) + ") id ON CONFLICT DO NOTHING";
    static final String ALL = "SELECT balance FROM gauntlet_account ORDER BY id";

    private static final String READ = "SELECT balance FROM gauntlet_account WHERE id = ?";
    private static final String WRITE = "UPDATE gauntlet_account SET balance = ? WHERE id = ?";
    private static final int KINDS = 3;

    private final SplittableRandom random;

    BankWork(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public boolean fill(Connection connection, List<Access> accesses, Specials special) throws SQLException {
        if (random.nextInt(KINDS) == 0) {
            List<Long> balances = new ArrayList<>();
            for (int account = 0; account < ACCOUNTS; account++) {
                balances.add(balance(connection, account));
            }
            accesses.add(new Access.Balances(balances));
            return true;
        }
        int one = random.nextInt(ACCOUNTS);
        int other = (one + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        special.abandon(new Access.Transfer(one, other, 0), () -> write(connection, one, 0));
        long from = balance(connection, one);
        long to = balance(connection, other);
        special.pause();
        if (from == 0) {
            return false;
        }
        long amount = 1 + random.nextLong(from);
        accesses.add(new Access.Transfer(one, other, amount));
        write(connection, one, from - amount);
        write(connection, other, to + amount);
        return true;
    }

    private static long balance(Connection connection, int account) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, account);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("There is no account " + account + ".");
                }
                return row.getLong(1);
            }
        }
    }

    private static void write(Connection connection, int account, long balance) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setLong(1, balance);
            statement.setInt(2, account);
            statement.executeUpdate();
        }
    }
}
