package io.github.pggauntlet.harness.workload;

import java.util.concurrent.TimeUnit;

/** How fast one session may write. Not safe for use by several threads. */
final class Pace {

    private final long interval;
    private long due;

    /**
     * A pace.
     *
     * @param writesPerSecond 0 for no limit
     */
    Pace(double writesPerSecond) {
        this.interval = writesPerSecond == 0 ? 0 : (long) (TimeUnit.SECONDS.toNanos(1) / writesPerSecond);
        this.due = System.nanoTime();
    }

    /** Waits until the next write is due. What was missed during an outage is not made up for. */
    void await() throws InterruptedException {
        if (interval == 0) {
            return;
        }
        long now = System.nanoTime();
        due = Math.max(due + interval, now - interval);
        if (due > now) {
            TimeUnit.NANOSECONDS.sleep(due - now);
        }
    }
}
