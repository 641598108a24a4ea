package io.github.pggauntlet.strategy;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What an acknowledged COMMIT has survived by the time the client hears of it. */
public enum Durability {

    /**
     * The primary acknowledges once its own disk has the commit. A failover may lose the latest writes, within the bound
     * that {@link Promises} states.
     */
    ASYNC,

    /**
     * The primary acknowledges once a standby's disk has the commit too. When no standby is left the primary goes on
     * alone, and durably records before its first lone commit that the absent ones may not be promoted.
     */
    SYNC,

    /** The primary acknowledges once a standby's disk has the commit too. When no standby is left commits wait for one. */
    STRICT,

    /**
     * The primary acknowledges once a majority of all members, itself among them, has the commit on disk. When fewer are left
     * commits wait. Takes at least three members.
     */
    QUORUM;

    private static final int LEAST_FOR_QUORUM = 3;

    /** How many members it takes at least. */
    public int leastMembers() {
        return this == QUORUM ? LEAST_FOR_QUORUM : 2;
    }

    /**
     * How many standbys must have a commit on disk before it is acknowledged.
     *
     * @param members how many members the cluster has
     */
    public int acknowledgements(int members) {
        return switch (this) {
            case ASYNC -> 0;
            case SYNC, STRICT -> 1;
            case QUORUM -> members / 2;
        };
    }

    /** Whether commits wait when too few standbys are left to acknowledge them. */
    public boolean waitsForStandbys() {
        return this == STRICT || this == QUORUM;
    }

    /** The name used on command lines and in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws IllegalArgumentException if there is no such mode; the message lists those there are
     */
    public static Durability of(String id) {
        return Arrays.stream(values())
                .filter(mode -> mode.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("There is no durability mode '" + id + "'; choose one of: "
                                + Arrays.stream(values()).map(Durability::id).collect(Collectors.joining(", ")) + "."));
    }
}
