package io.github.pggauntlet.harness.workload;

import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a failed statement or connection has to say for itself. */
public final class SqlText {

    private SqlText() {}

    /** The message and those of its causes: a driver often says only in a cause what it was that failed. */
    public static String of(SQLException failure) {
        Set<String> said = new LinkedHashSet<>();
        Optional<Throwable> next = Optional.of(failure);
        while (next.isPresent()) {
            Throwable one = next.get();
            said.add(Optional.ofNullable(one.getMessage()).orElse(one.getClass().getSimpleName()));
            next = Optional.ofNullable(one.getCause());
        }
        return String.join(" ", said);
    }
}
