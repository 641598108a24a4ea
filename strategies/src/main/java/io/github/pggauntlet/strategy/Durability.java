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
     * The primary acknowledges once a standby's disk has the commit too. When the standby is gone the primary goes on
     * alone, and durably records before its first lone commit that the absent standby may not be promoted.
     */
    SYNC;

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
