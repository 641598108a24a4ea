package io.github.pggauntlet.harness.check.rule;

import java.util.Locale;

/** How breaches speak of times. */
final class Times {

    private static final double NANOS_PER_SECOND = 1e9;

    private Times() {}

    static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / NANOS_PER_SECOND);
    }
}
