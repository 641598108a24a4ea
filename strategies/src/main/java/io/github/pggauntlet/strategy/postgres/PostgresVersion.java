package io.github.pggauntlet.strategy.postgres;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A major version of PostgreSQL, and everything in which the supported ones differ for us.
 *
 * <p>Other differences that one might expect here are met by doing what is right for all: {@code pg_controldata} says that
 * its file is damaged on its standard output or its standard error; data checksums are asked for, also where they are the
 * default (18); a rewind waits for the primary's checkpoint, also where pg_rewind knows better (16).
 *
 * @param major the number, for example 17
 */
public record PostgresVersion(int major) {

    /** The oldest that the strategies work with. */
    public static final int OLDEST = 15;

    private static final Pattern TEXT = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
    private static final int IDLE_SLOTS_END = 18;

    public PostgresVersion {
        if (major < OLDEST) {
            throw new IllegalArgumentException(
                    "PostgreSQL " + major + " is too old; " + OLDEST + " is the oldest that works.");
        }
    }

    /**
     * Reads what {@code postgres --version} prints.
     *
     * @throws IllegalArgumentException if that is not understood, or the version is too old
     */
    public static PostgresVersion parse(String output) {
        Matcher matcher = TEXT.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("'" + output.strip() + "' does not tell a version of PostgreSQL.");
        }
        return new PostgresVersion(Integer.parseInt(matcher.group(1)));
    }

    /** Settings that a strategy rests on and that only some versions have. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        if (major >= IDLE_SLOTS_END) {
            // The slot of a member that is away must wait for it; what it may cost has a bound of its own.
            settings.put("idle_replication_slot_timeout", "0");
        }
        return settings;
    }
}
