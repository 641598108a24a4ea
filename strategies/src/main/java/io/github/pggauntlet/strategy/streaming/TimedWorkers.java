package io.github.pggauntlet.strategy.streaming;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that work for strangers: no more than so many at once, and each piece of work has only so long, then its thread is
 * interrupted. The JDK's HTTP server reads and writes on interruptible channels, so that ends also a request whose client
 * sends its header byte by byte, or does not take the answer.
 *
 * <p>Nothing is queued: work beyond the most that is done at once is refused with
 * {@link java.util.concurrent.RejectedExecutionException}, which the HTTP server answers by closing the connection. A load
 * balancer that asks again a second later is served better by that than by an answer that has waited.
 */
final class TimedWorkers implements Executor, AutoCloseable {

    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor alarms;
    private final Duration limit;

    /**
     * @param name what the threads are called
     * @param most how many pieces of work are done at once
     * @param limit how long one may take
     */
    TimedWorkers(String name, int most, Duration limit) {
        this.limit = limit;
        ThreadFactory threads = work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
        pool = new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
        alarms = new ScheduledThreadPoolExecutor(1, threads);
        alarms.setRemoveOnCancelPolicy(true);
    }

    /** An interrupt for one piece of work, and for nothing that the same thread does later. */
    private static final class Alarm implements Runnable {

        private final Thread worker;
        private boolean over;

        Alarm(Thread worker) {
            this.worker = worker;
        }

        @Override
        public synchronized void run() {
            if (!over) {
                worker.interrupt();
            }
        }

        synchronized void off() {
            over = true;
            // Nobody else interrupts a worker while it works.
            boolean unused = Thread.interrupted();
        }
    }

    @Override
    public void execute(Runnable work) {
        pool.execute(() -> {
            Alarm alarm = new Alarm(Thread.currentThread());
            ScheduledFuture<?> set = alarms.schedule(alarm, limit.toMillis(), TimeUnit.MILLISECONDS);
            try {
                work.run();
            } finally {
                set.cancel(false);
                alarm.off();
            }
        });
    }

    @Override
    public void close() {
        pool.shutdownNow();
        alarms.shutdownNow();
    }
}
