package io.github.pggauntlet.harness.fault;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Time for Toxiproxy to let go of connections one end of which has just died. If a trouble is taken away while it does so, it
 * waits for itself, for good: the removal holds the lock that the dying connection needs to be forgotten, and waits for that
 * connection (Shopify/toxiproxy#558; seen in two of two campaigns in which a server was killed behind a slow link that was
 * healed at once). Toxiproxy does not tell which connections it still has, so this is a time and not a condition.
 *
 * <p>Safe for use by several threads.
 */
final class Settling {

    /** Longer than what any slow link holds back, and the time to notice. */
    private static final Duration SPAN = Duration.ofSeconds(3);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition never = lock.newCondition();
    private long since = System.nanoTime() - SPAN.toNanos();

    /** Something may have died now. */
    void begin() {
        lock.lock();
        try {
            since = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is long enough ago that something may have died. */
    void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = left(); left > 0; left = left()) {
                never.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private long left() {
        return since + SPAN.toNanos() - System.nanoTime();
    }
}
