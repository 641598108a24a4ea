package io.github.pggauntlet.harness.history;

import java.time.Duration;
import java.time.Instant;

/**
 * Ties the run's own time, nanoseconds since its start, to the wall clock.
 *
 * <p>Members write wall-clock times into their journals. Where they share the harness's clock, as containers on one
 * computer do, the conversion is exact up to the steps of that clock.
 *
 * @param startedAt the wall-clock time at which the run's time was zero
 */
public record TimeAnchor(Instant startedAt) {

    /** Nanoseconds from the run's start to {@code instant}; negative for an earlier instant. */
    public long nanos(Instant instant) {
        return Duration.between(startedAt, instant).toNanos();
    }

    /** The wall-clock time {@code nanos} after the run's start. */
    public Instant instant(long nanos) {
        return startedAt.plusNanos(nanos);
    }
}
