package io.github.pggauntlet.strategy;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The durations a strategy works with.
 *
 * @param lease how long the right to be primary lasts without being renewed; whole seconds, at least 2 s (etcd rounds
 *     shorter leases up to its election timeout)
 * @param margin how long before the lease's end a primary that could not renew it must have stopped
 * @param tick how often an agent looks around when nothing wakes it
 * @param call how long an agent waits for one answer of a peer, of the arbiter or of PostgreSQL
 * @param shutdown how long a fast shutdown of PostgreSQL may take before it becomes an immediate one
 * @param maximumLag for how long an asynchronous standby may lag behind and still be promotable
 */
public record Timings(
        Duration lease, Duration margin, Duration tick, Duration call, Duration shutdown, Duration maximumLag) {

    private static final String QUICK = "quick";
    private static final String PRODUCTION = "production";
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

    public Timings {
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException(
                    "A lease lasts whole seconds and at least 2 s, not " + lease.toMillis() + " ms.");
        }
        if (margin.isNegative() || margin.isZero() || margin.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException("The margin must be positive and at most half the lease of "
                    + lease.toMillis() + " ms, not " + margin.toMillis() + " ms.");
        }
    }

    /**
     * Timings by the name they have on command lines: {@code quick} or {@code production}.
     *
     * @throws IllegalArgumentException if there are none of that name
     */
    public static Timings of(String name) {
        return switch (name) {
            case QUICK -> quick();
            case PRODUCTION -> production();
            default ->
                throw new IllegalArgumentException(
                        "There are no timings '" + name + "'; choose one of: " + QUICK + ", " + PRODUCTION + ".");
        };
    }

    /** The name under which {@link #of} knows these; empty if they have none. */
    public Optional<String> known() {
        return Stream.of(QUICK, PRODUCTION)
                .filter(name -> of(name).equals(this))
                .findFirst();
    }

    /** Timings for production machines in one data centre. */
    public static Timings production() {
        return new Timings(
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5));
    }

    /** Timings for machines that share one computer: quick enough to see many failovers in a minute. */
    public static Timings quick() {
        return new Timings(
                Duration.ofSeconds(3),
                Duration.ofMillis(1000),
                Duration.ofMillis(100),
                Duration.ofMillis(1000),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2));
    }
}
