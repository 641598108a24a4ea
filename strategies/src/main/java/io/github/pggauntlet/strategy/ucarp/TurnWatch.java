package io.github.pggauntlet.strategy.ucarp;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Tells when the machine's turn as master of the address begins or ends. */
final class TurnWatch implements AutoCloseable {

    private static final long PERIOD_MILLIS = 50;

    private final AddressTurn turns;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread daemon = new Thread(work, "address-watch");
        daemon.setDaemon(true);
        return daemon;
    });
    private Optional<String> last = Optional.empty();

    TurnWatch(AddressTurn turns) {
        this.turns = turns;
    }

    /** Calls {@code listener} after each change from now on. */
    void start(Runnable listener) {
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(() -> look(listener), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void look(Runnable listener) {
        Optional<String> now = turns.current();
        if (!now.equals(last)) {
            last = now;
            listener.run();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
