package io.github.pggauntlet.harness.workload;

import java.sql.Connection;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The isolation levels a transaction can ask PostgreSQL for. READ UNCOMMITTED is READ COMMITTED there. */
public enum IsolationLevel {
    READ_COMMITTED(Connection.TRANSACTION_READ_COMMITTED),
    REPEATABLE_READ(Connection.TRANSACTION_REPEATABLE_READ),
    SERIALIZABLE(Connection.TRANSACTION_SERIALIZABLE);

    private final int jdbc;

    IsolationLevel(int jdbc) {
        this.jdbc = jdbc;
    }

    int jdbc() {
        return jdbc;
    }

    /** The name used on command lines, for example {@code repeatable-read}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The level of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static IsolationLevel of(String id) {
        return Arrays.stream(values())
                .filter(level -> level.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no isolation level '" + id
                        + "'; choose one of: "
                        + Arrays.stream(values()).map(IsolationLevel::id).collect(Collectors.joining(", ")) + "."));
    }
}
