package io.github.pggauntlet.strategy.streaming;

import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of memory as people write them in PostgreSQL's settings: a number and one of its units, of which each is 1024 times
 * the one before (PostgreSQL documentation, "Setting Parameters").
 */
final class Bytes {

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?) ?(B|kB|MB|GB|TB)?");
    private static final Map<String, Integer> SHIFTS = Map.of("B", 0, "kB", 10, "MB", 20, "GB", 30, "TB", 40);

    private Bytes() {}

    /** The number of bytes; empty if it is written in no way that PostgreSQL would read. Without a unit it is bytes. */
    static OptionalLong parse(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            return OptionalLong.empty();
        }
        String unit = amount.group(2);
        BigDecimal bytes = new BigDecimal(amount.group(1))
                .multiply(BigDecimal.valueOf(1L << SHIFTS.getOrDefault(unit == null ? "B" : unit, 0)));
        return OptionalLong.of(bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
    }
}
