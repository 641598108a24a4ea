package io.github.pggauntlet.strategy.decision;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether a primary's commits are acknowledged, and after whom: what {@code synchronous_standby_names} says (PostgreSQL
 * documentation, "Synchronous Replication").
 *
 * @param closed whether every commit waits for a standby that does not exist
 * @param number how many of the standbys must have a commit on disk; 0 if there are none
 * @param standbys the standbys that count
 */
public record Gate(boolean closed, int number, Set<String> standbys) {

    /** A name that no member can have, since members' names hold no underscore. */
    private static final String NOBODY = "gauntlet_closed";

    /** Nothing is acknowledged. */
    public static final Gate CLOSED = new Gate(true, 0, Set.of());

    /** The primary acknowledges alone. */
    public static final Gate OPEN = new Gate(false, 0, Set.of());

    public Gate {
        standbys = Set.copyOf(standbys);
        if (number < 0 || number > standbys.size() || number == 0 != standbys.isEmpty()) {
            throw new IllegalArgumentException(
                    "Commits cannot wait for " + number + " of the standbys " + standbys + ".");
        }
    }

    /** The primary acknowledges what the standby's disk has too. */
    public static Gate with(String standby) {
        return with(1, Set.of(standby));
    }

    /** The primary acknowledges what the disks of so many of the standbys have too. */
    public static Gate with(int number, Set<String> standbys) {
        return new Gate(false, number, standbys);
    }

    /** The value of {@code synchronous_standby_names}. */
    public String synchronousStandbyNames() {
        if (closed) {
            return "FIRST 1 (" + NOBODY + ")";
        }
        return standbys.isEmpty()
                ? ""
                : new TreeSet<>(standbys)
                        .stream()
                                .map(name -> "\"" + name + "\"")
                                .collect(Collectors.joining(", ", "ANY " + number + " (", ")"));
    }

    @Override
    public String toString() {
        if (closed) {
            return "closed";
        }
        return standbys.isEmpty() ? "open" : number + " of " + new TreeSet<>(standbys);
    }
}
