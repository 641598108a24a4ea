package io.github.pggauntlet.strategy.streaming;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Long steps, each on a thread of its own. */
final class BackgroundThreads implements Background, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);

    private final AtomicBoolean busy = new AtomicBoolean();
    private final Runnable onEnd;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "background");
        thread.setDaemon(true);
        return thread;
    });

    /** @param onEnd called whenever a step has ended */
    BackgroundThreads(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    @Override
    public void start(String name, Task task) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("A long step is under way already.");
        }
        threads.execute(() -> {
            try {
                guarded(name, task);
            } finally {
                busy.set(false);
                onEnd.run();
            }
        });
    }

    @Override
    public void startAside(String name, Task task) {
        threads.execute(() -> guarded(name, task));
    }

    @Override
    public <T> Future<T> ask(Callable<T> question) {
        return threads.submit(question);
    }

    private static void guarded(String name, Task task) {
        try {
            task.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The step '{}' failed: {}", name, e.getMessage());
        }
    }

    @Override
    public boolean busy() {
        return busy.get();
    }

    /** Interrupts the steps that are under way; no others are begun. */
    void stop() {
        threads.shutdownNow();
    }

    @Override
    public void close() {
        stop();
    }
}
