package io.github.pggauntlet.strategy.decision;

import java.util.Optional;

/**
 * Whether a primary's commits are acknowledged, and after whom: what {@code synchronous_standby_names} says.
 *
 * @param closed whether every commit waits for a standby that does not exist
 * @param standby the standby whose disk every commit waits for; empty if there is none
 */
public record Gate(boolean closed, Optional<String> standby) {

    /** A name that no member can have, since members' names hold no underscore. */
    private static final String NOBODY = "gauntlet_closed";

    /** Nothing is acknowledged. */
    public static final Gate CLOSED = new Gate(true, Optional.empty());

    /** The primary acknowledges alone. */
    public static final Gate OPEN = new Gate(false, Optional.empty());

    /** The primary acknowledges what the standby's disk has too. */
    public static Gate with(String standby) {
        return new Gate(false, Optional.of(standby));
    }

    /** The value of {@code synchronous_standby_names}. */
    public String synchronousStandbyNames() {
        return closed
                ? "FIRST 1 (" + NOBODY + ")"
                : standby.map(name -> "FIRST 1 (\"" + name + "\")").orElse("");
    }
}
