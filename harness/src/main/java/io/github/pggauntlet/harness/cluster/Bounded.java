package io.github.pggauntlet.harness.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Calls with a deadline, for clients that have none of their own: neither docker-java's nor Toxiproxy's blocking calls
 * end by themselves when the other side hangs.
 */
final class Bounded implements AutoCloseable {

    private static final long LONGEST_PAUSE_MILLIS = 20;

    private final ExecutorService threads;

    Bounded(String name) {
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Makes a call.
     *
     * @param what what is awaited, for the message
     * @throws EnvironmentException if it takes longer than {@code limit}, or fails with a checked exception
     * @throws InterruptedException if this thread is interrupted; the call is then interrupted too and left to itself
     */
    <T> T call(String what, Duration limit, Callable<T> action) throws InterruptedException {
        Future<T> future = threads.submit(action);
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new EnvironmentException(
                    "Waited " + seconds(limit) + " for " + what + ", and there was no answer.", e);
        } catch (ExecutionException e) {
            throw asUnchecked(what, e);
        } finally {
            future.cancel(true);
        }
    }

    /** {@link #call} for an action without a result. */
    void run(String what, Duration limit, Action action) throws InterruptedException {
        call(what, limit, () -> {
            action.run();
            return true;
        });
    }

    /**
     * Makes several calls at once and waits for all of them, also when one fails: nothing goes on behind the caller's
     * back. Then the first failure is thrown, with the others as suppressed.
     */
    <T> List<T> all(String what, Duration limit, List<? extends Callable<T>> actions) throws InterruptedException {
        List<Future<T>> futures = new ArrayList<>();
        actions.forEach(action -> futures.add(threads.submit(action)));
        long deadline = System.nanoTime() + limit.toNanos();
        List<T> results = new ArrayList<>();
        List<RuntimeException> failures = new ArrayList<>();
        try {
            for (Future<T> future : futures) {
                try {
                    results.add(future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
                } catch (ExecutionException e) {
                    failures.add(asUnchecked(what, e));
                } catch (TimeoutException e) {
                    failures.add(new EnvironmentException(
                            "Waited " + seconds(limit) + " for " + what + ", and it was not done.", e));
                }
            }
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.get(0);
            failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
            throw first;
        }
        return results;
    }

    /** Starts something that nobody waits for here. */
    <T> Future<T> start(Callable<T> action) {
        return threads.submit(action);
    }

    /**
     * Waits until a condition holds, asking at short intervals.
     *
     * @return whether it held before the limit
     */
    static boolean until(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = 1;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            Thread.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
        return true;
    }

    /** As {@link #until}, and throws {@link EnvironmentException} with what was awaited and what was seen. */
    static void await(String what, Duration limit, BooleanSupplier condition, Supplier<String> seen)
            throws InterruptedException {
        if (!until(limit, condition)) {
            throw new EnvironmentException("Waited " + seconds(limit) + " for " + what + "; seen: " + seen.get() + ".");
        }
    }

    static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    private static RuntimeException asUnchecked(String what, ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException unchecked) {
            return unchecked;
        }
        return new EnvironmentException("Failed while waiting for " + what + ": " + cause + ".", e);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Something to do that may fail. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }
}
