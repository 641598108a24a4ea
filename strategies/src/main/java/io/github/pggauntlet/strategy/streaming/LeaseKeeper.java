package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lease alive, and puts the fence up when that fails.
 *
 * <p>The lease counts from the moment <em>before</em> a renewal was asked for, by this machine's monotonic clock, and ends
 * a margin before it does at the arbiter. The fence hangs on a timer of its own, so that neither a slow arbiter nor a busy
 * agent can hold it up.
 */
final class LeaseKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final int RENEWALS_PER_LEASE = 6;

    private final Arbiter arbiter;
    private final Duration margin;
    private final Runnable fence;
    private final ScheduledExecutorService renewer =
            Executors.newSingleThreadScheduledExecutor(daemon("lease-renewer"));
    private final ScheduledExecutorService guard = Executors.newSingleThreadScheduledExecutor(daemon("lease-guard"));

    private @Nullable Lease lease;
    private long endsAt;
    private @Nullable ScheduledFuture<?> renewal;
    private @Nullable ScheduledFuture<?> deadline;

    /**
     * @param arbiter who gives the lease
     * @param margin how long before the lease's end the fence goes up
     * @param fence stops everything that could acknowledge a write; called when the lease could not be renewed in time
     */
    LeaseKeeper(Arbiter arbiter, Duration margin, Runnable fence) {
        this.arbiter = arbiter;
        this.margin = margin;
        this.fence = fence;
    }

    private static java.util.concurrent.ThreadFactory daemon(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Keeps a lease that has just been obtained. */
    synchronized void keep(Lease obtained, long askedAtNanos) {
        lease = obtained;
        extend(obtained, askedAtNanos);
        long period = obtained.duration().toMillis() / RENEWALS_PER_LEASE;
        renewal = renewer.scheduleWithFixedDelay(() -> renew(obtained), period, period, TimeUnit.MILLISECONDS);
    }

    /** The lease, while it lasts by this machine's clock. */
    synchronized Optional<Lease> held() {
        return lease != null && System.nanoTime() - endsAt < 0 ? Optional.of(lease) : Optional.empty();
    }

    /** How long the lease lasts from now by this machine's clock if it is not renewed; zero when none is held. */
    synchronized Duration left() {
        long left = lease == null ? 0 : endsAt - System.nanoTime();
        return Duration.ofNanos(Math.max(0, left));
    }

    /** Gives the lease away. The caller has made sure that nothing is left that could acknowledge a write. */
    void release() throws InterruptedException {
        Optional<Lease> given = forget();
        if (given.isPresent()) {
            arbiter.release(given.get());
        }
    }

    private synchronized Optional<Lease> forget() {
        Optional<Lease> given = Optional.ofNullable(lease);
        lease = null;
        cancel(renewal);
        cancel(deadline);
        return given;
    }

    private static void cancel(@Nullable ScheduledFuture<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }

    private void renew(Lease current) {
        long askedAt = System.nanoTime();
        try {
            if (arbiter.renew(current)) {
                extend(current, askedAt);
            } else {
                LOG.warn("The lease of term {} is lost.", current.term());
                lose(current);
            }
        } catch (RuntimeException e) {
            // Tried again until the guard's deadline. Whatever it was: what is thrown from here ends all renewals.
            LOG.warn("The lease of term {} was not renewed: {}", current.term(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void extend(Lease current, long askedAt) {
        if (!current.equals(lease)) {
            return;
        }
        endsAt = askedAt + current.duration().minus(margin).toNanos();
        cancel(deadline);
        deadline = guard.schedule(() -> lose(current), endsAt - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void lose(Lease current) {
        synchronized (this) {
            if (!current.equals(lease)) {
                return;
            }
            forget();
        }
        LOG.warn("Term {} has ended: the fence goes up.", current.term());
        fence.run();
    }

    @Override
    public void close() {
        forget();
        renewer.shutdownNow();
        guard.shutdownNow();
    }
}
