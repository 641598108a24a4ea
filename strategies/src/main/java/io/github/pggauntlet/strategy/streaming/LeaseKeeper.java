package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lease alive, and puts the fence up when that fails.
 *
 * <p>The lease counts from the moment <em>before</em> a renewal was asked for, by a clock that goes on while the machine
 * sleeps. A primary that cannot renew goes down in two steps: a quarter of the margin before the fence goes up its clients
 * are turned away, and a whole margin before the lease ends at the arbiter it is killed. The fence hangs on a timer of its
 * own, so that neither a slow arbiter nor a busy agent can hold it up; and those who watch from outside the agent are told
 * each deadline.
 */
final class LeaseKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final int RENEWALS_PER_LEASE = 6;
    private static final int WARNINGS_PER_MARGIN = 4;

    /** Timers stand still while the machine sleeps, so the guard looks at the clock at least as often as this. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration BETWEEN_WARNINGS = Duration.ofMillis(25);

    private final Arbiter arbiter;
    private final Duration margin;
    private final AgentClock clock;
    private final Fence fence;
    private final List<LeaseWatcher> watchers;
    private final ScheduledExecutorService renewer =
            Executors.newSingleThreadScheduledExecutor(daemon("lease-renewer"));
    private final ScheduledExecutorService guard = Executors.newSingleThreadScheduledExecutor(daemon("lease-guard"));
    private final ScheduledExecutorService usher = Executors.newSingleThreadScheduledExecutor(daemon("lease-usher"));
    private final AtomicBoolean turningAway = new AtomicBoolean();

    /** Held while the watchers are told something, so that they hear things in the order in which they happened. */
    private final Object telling = new Object();

    private @Nullable Lease lease;
    private long fenceAt;
    private @Nullable ScheduledFuture<?> renewal;

    /**
     * @param arbiter who gives the lease
     * @param margin how long before the lease's end the fence goes up
     * @param clock what the lease is timed by
     * @param fence stops what could acknowledge a write
     * @param watchers who is told how long the lease lasts
     */
    LeaseKeeper(Arbiter arbiter, Duration margin, AgentClock clock, Fence fence, List<LeaseWatcher> watchers) {
        this.arbiter = arbiter;
        this.margin = margin;
        this.clock = clock;
        this.fence = fence;
        this.watchers = List.copyOf(watchers);
    }

    /** One that nobody watches, timed by a clock that stands still while the machine sleeps. */
    LeaseKeeper(Arbiter arbiter, Duration margin, Fence fence) {
        this(arbiter, margin, System::nanoTime, fence, List.of());
    }

    private static ThreadFactory daemon(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** The time by the clock that leases are kept by; to be taken before a lease is asked for. */
    long now() {
        return clock.nanos();
    }

    /**
     * Keeps a lease that has just been obtained.
     *
     * @param askedAt what {@link #now()} was before it was asked for
     */
    void keep(Lease obtained, long askedAt) {
        synchronized (this) {
            lease = obtained;
            fenceAt = askedAt + obtained.duration().minus(margin).toNanos();
            long period = obtained.duration().toMillis() / RENEWALS_PER_LEASE;
            renewal = renewer.scheduleWithFixedDelay(() -> renew(obtained), period, period, TimeUnit.MILLISECONDS);
        }
        guard.execute(() -> guarded(obtained));
        tellThatItLasts(obtained);
    }

    /** The lease, while it lasts by this machine's clock. */
    synchronized Optional<Lease> held() {
        return lease != null && clock.nanos() - fenceAt < 0 ? Optional.of(lease) : Optional.empty();
    }

    /** How long the lease lasts from now by this machine's clock if it is not renewed; zero when none is held. */
    synchronized Duration left() {
        long left = lease == null ? 0 : fenceAt + margin.toNanos() - clock.nanos();
        return Duration.ofNanos(Math.max(0, left));
    }

    /** Gives the lease away. The caller has made sure that nothing is left that could acknowledge a write. */
    void release() throws InterruptedException {
        Optional<Lease> given = forget();
        if (given.isPresent()) {
            tellThatItIsOver();
            arbiter.release(given.get());
        }
    }

    private synchronized Optional<Lease> forget() {
        Optional<Lease> given = Optional.ofNullable(lease);
        lease = null;
        if (renewal != null) {
            renewal.cancel(false);
        }
        return given;
    }

    private void renew(Lease current) {
        long askedAt = clock.nanos();
        try {
            if (arbiter.renew(current)) {
                if (extend(current, askedAt)) {
                    tellThatItLasts(current);
                }
            } else {
                LOG.warn("The lease of term {} is lost.", current.term());
                guard.execute(() -> lose(current));
            }
        } catch (RuntimeException e) {
            // Tried again until the guard's deadline. Whatever it was: what is thrown from here ends all renewals.
            LOG.warn("The lease of term {} was not renewed: {}", current.term(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean extend(Lease current, long askedAt) {
        if (!current.equals(lease)) {
            return false;
        }
        fenceAt = askedAt + current.duration().minus(margin).toNanos();
        return true;
    }

    /** A guard that has an accident ends the term: there would be nobody to end it later. */
    private void guarded(Lease current) {
        try {
            look(current);
        } catch (RuntimeException e) {
            LOG.error("The guard of term {} does not work.", current.term(), e);
            lose(current);
        }
    }

    /** What the guard does all the time that a lease is kept. */
    private void look(Lease current) {
        long left;
        synchronized (this) {
            if (!current.equals(lease)) {
                return;
            }
            left = fenceAt - clock.nanos();
        }
        if (left <= 0) {
            lose(current);
            return;
        }
        long warning = left - margin.dividedBy(WARNINGS_PER_MARGIN).toNanos();
        if (warning <= 0 && turningAway.compareAndSet(false, true)) {
            LOG.warn("The lease of term {} is about to end: clients are turned away.", current.term());
            usher.execute(() -> turnClientsAway(current));
        }
        long pause = Math.min(warning > 0 ? warning : left, LOOK.toNanos());
        ScheduledFuture<?> unused = guard.schedule(() -> guarded(current), pause, TimeUnit.NANOSECONDS);
    }

    private void turnClientsAway(Lease current) {
        boolean near;
        synchronized (this) {
            long left = fenceAt - clock.nanos();
            near = current.equals(lease)
                    && left > 0
                    && left <= margin.dividedBy(WARNINGS_PER_MARGIN).toNanos();
        }
        if (!near) {
            turningAway.set(false);
            return;
        }
        try {
            fence.turnClientsAway();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.debug("Clients could not be turned away", e);
        }
        ScheduledFuture<?> unused =
                usher.schedule(() -> turnClientsAway(current), BETWEEN_WARNINGS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lose(Lease current) {
        synchronized (this) {
            if (!current.equals(lease)) {
                return;
            }
            forget();
        }
        LOG.warn("Term {} has ended: the fence goes up.", current.term());
        fenceUp();
    }

    /** Until it is up: a process that is stuck in the kernel ends later, and must not be forgotten. */
    private void fenceUp() {
        try {
            fence.up();
            tellThatItIsOver();
        } catch (RuntimeException e) {
            LOG.error("The fence is not up yet, which is tried again: {}", e.getMessage());
            ScheduledFuture<?> unused = guard.schedule(this::fenceUp, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tellThatItLasts(Lease current) {
        synchronized (telling) {
            long at;
            synchronized (this) {
                if (!current.equals(lease)) {
                    return;
                }
                at = fenceAt;
            }
            tell(watcher -> watcher.lasts(at, at + margin.toNanos()));
        }
    }

    private void tellThatItIsOver() {
        synchronized (telling) {
            tell(LeaseWatcher::over);
        }
    }

    private void tell(java.util.function.Consumer<LeaseWatcher> what) {
        for (LeaseWatcher watcher : watchers) {
            try {
                what.accept(watcher);
            } catch (RuntimeException e) {
                LOG.error("A watchdog could not be told of the lease: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        forget();
        renewer.shutdownNow();
        guard.shutdownNow();
        usher.shutdownNow();
    }
}
