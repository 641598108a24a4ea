package io.github.pggauntlet.harness.history;

import java.time.Instant;

/** The run's time: monotonic nanoseconds since its start. Immutable and safe for use by several threads. */
public final class RunClock {

    private final TimeAnchor anchor;
    private final long origin;

    private RunClock(TimeAnchor anchor, long origin) {
        this.anchor = anchor;
        this.origin = origin;
    }

    /** A clock whose time is zero now. */
    public static RunClock start() {
        return new RunClock(new TimeAnchor(Instant.now()), System.nanoTime());
    }

    /** Nanoseconds since the start of the run. */
    public long nanos() {
        return System.nanoTime() - origin;
    }

    /** How this clock relates to the wall clock. */
    public TimeAnchor anchor() {
        return anchor;
    }
}
