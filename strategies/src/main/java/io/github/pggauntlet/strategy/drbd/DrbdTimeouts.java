package io.github.pggauntlet.strategy.drbd;

import java.time.Duration;
import java.util.Map;

/**
 * After how long the other machine counts as lost. Source of limits and units: {@code drbd.conf-8.4(5)}.
 *
 * @param pingInterval how long a connection is idle before the other machine is asked whether it lives; whole seconds, 1 to 120
 * @param pingTimeout how long the answer may take; tenths of a second, 0.1 to 30 s
 * @param timeout how long the other machine may take to confirm what was sent; tenths of a second, 0.1 to 60 s, and less than
 *     the ping and connect intervals
 * @param connectInterval the time between two attempts to connect; whole seconds, 1 to 120
 */
public record DrbdTimeouts(Duration pingInterval, Duration pingTimeout, Duration timeout, Duration connectInterval) {

    private static final long TENTH = 100;
    private static final Duration SECOND = Duration.ofSeconds(1);

    public DrbdTimeouts {
        require("The ping interval", pingInterval, SECOND.toMillis(), Duration.ofSeconds(1), Duration.ofSeconds(120));
        require("The ping timeout", pingTimeout, TENTH, Duration.ofMillis(TENTH), Duration.ofSeconds(30));
        require("The timeout", timeout, TENTH, Duration.ofMillis(TENTH), Duration.ofSeconds(60));
        require(
                "The connect interval",
                connectInterval,
                SECOND.toMillis(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(120));
        if (timeout.compareTo(pingInterval) >= 0 || timeout.compareTo(connectInterval) >= 0) {
            throw new IllegalArgumentException(
                    "DRBD wants a timeout that is shorter than the ping interval and the connect" + " interval; "
                            + timeout.toMillis() + " ms is not.");
        }
    }

    private static void require(String what, Duration value, long unit, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0 || value.toMillis() % unit != 0) {
            throw new IllegalArgumentException(what + " lies between " + least.toMillis() + " and " + most.toMillis()
                    + " ms, in steps of " + unit + " ms; " + value.toMillis() + " ms does not.");
        }
    }

    /** DRBD's own: 10 s, 0.5 s, 6 s, 10 s. */
    public static DrbdTimeouts standard() {
        return new DrbdTimeouts(
                Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(6), Duration.ofSeconds(10));
    }

    /** For machines that shall find out quickly: 3 s, 1 s, 2 s, 3 s. */
    public static DrbdTimeouts quick() {
        return new DrbdTimeouts(Duration.ofSeconds(3), SECOND, Duration.ofSeconds(2), Duration.ofSeconds(3));
    }

    /**
     * For how long DRBD may still take a dead peer for alive, and a dead primary for primary: until then a promotion is refused
     * and has to be tried again.
     */
    public Duration detection() {
        return pingInterval.plus(pingTimeout);
    }

    static DrbdTimeouts parse(Map<String, String> net) {
        return new DrbdTimeouts(
                Duration.ofSeconds(number(net, "ping-int")),
                Duration.ofMillis(TENTH * number(net, "ping-timeout")),
                Duration.ofMillis(TENTH * number(net, "timeout")),
                Duration.ofSeconds(number(net, "connect-int")));
    }

    private static long number(Map<String, String> net, String name) {
        String value = ResourceFile.value(net, name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("The value of " + name + " is a number, not '" + value + "'.", e);
        }
    }
}
