package io.github.pggauntlet.strategy.postgres;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the write-ahead log, as PostgreSQL's {@code pg_lsn}: a byte offset, unsigned.
 *
 * @param value the byte offset; compare with {@link #compareTo}, since it is unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

    /** The position that PostgreSQL calls invalid, {@code 0/0}. */
    public static final Lsn INVALID = new Lsn(0);

    private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /**
     * Reads PostgreSQL's notation, for example {@code 16/B374D848}.
     *
     * @throws IllegalArgumentException if the text is not in that notation
     */
    public static Lsn parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a WAL position such as 16/B374D848.");
        }
        return new Lsn(Long.parseLong(matcher.group(1), 16) << 32 | Long.parseLong(matcher.group(2), 16));
    }

    /** The number of bytes from {@code earlier} to this position. */
    public long minus(Lsn earlier) {
        return value - earlier.value;
    }

    /** Whether this is a real position. */
    public boolean isValid() {
        return value != 0;
    }

    /** The later of two positions. */
    public static Lsn max(Lsn a, Lsn b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xFFFFFFFFL);
    }
}
