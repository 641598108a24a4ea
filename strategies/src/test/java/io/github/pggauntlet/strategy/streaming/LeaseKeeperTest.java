package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.arbiter.FakeArbiter;
import io.github.pggauntlet.strategy.arbiter.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In real time, since it is timers that are tested; leases are long enough for a machine that has other things to do. */
class LeaseKeeperTest {

    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final Duration MARGIN = Duration.ofMillis(1500);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FakeArbiter arbiter = new FakeArbiter(System::nanoTime);
    private final List<LeaseKeeper> keepers = new ArrayList<>();

    @AfterEach
    void close() {
        keepers.forEach(LeaseKeeper::close);
    }

    /** A keeper of the lease, and what its fence saw. */
    private final class Kept {
        private final FakeArbiter.Client client = arbiter.client();
        private final AtomicInteger fences = new AtomicInteger();
        private final AtomicReference<Boolean> leaseLasted = new AtomicReference<>();
        private final LeaseKeeper keeper;
        private Lease lease;

        Kept(Duration margin) {
            keeper = new LeaseKeeper(client, margin, () -> {
                leaseLasted.set(arbiter.record().heldBy("a"));
                fences.incrementAndGet();
            });
            keepers.add(keeper);
        }

        Kept keep(Duration duration) throws InterruptedException {
            long askedAt = System.nanoTime();
            lease = client.acquire("a", client.read(), duration).orElseThrow();
            keeper.keep(lease, askedAt);
            assertThat(keeper.held()).contains(lease);
            return this;
        }

        void awaitFence() {
            await().atMost(LIMIT).until(() -> fences.get() > 0);
            assertThat(keeper.held()).isEmpty();
        }
    }

    @Test
    void theFenceIsUpBeforeTheLeaseEndsWhenRenewalsHang() throws InterruptedException {
        Kept kept = new Kept(MARGIN).keep(LEASE);
        kept.client.hang();
        kept.awaitFence();

        assertThat(kept.leaseLasted.get()).isTrue();
        kept.client.resume();
    }

    @Test
    void theFenceIsUpBeforeTheLeaseEndsWhenRenewalsFail() throws InterruptedException {
        Kept kept = new Kept(MARGIN).keep(LEASE);
        kept.client.cut(true);
        kept.awaitFence();

        assertThat(kept.leaseLasted.get()).isTrue();
        assertThat(kept.fences).hasValue(1);
    }

    /** It counts from before the renewal was asked for, so an answer that is lost gains nothing. */
    @Test
    void aRenewalWhoseAnswerIsLostDoesNotCount() throws InterruptedException {
        Kept kept = new Kept(MARGIN).keep(LEASE);
        kept.client.loseAnswers(true);
        kept.awaitFence();

        assertThat(kept.leaseLasted.get()).isTrue();
    }

    @Test
    void theFenceIsUpAtOnceWhenTheLeaseIsLost() throws InterruptedException {
        // So long a lease that no deadline is near.
        Kept kept = new Kept(MARGIN).keep(LEASE.multipliedBy(2));
        arbiter.forgetLease();
        kept.awaitFence();

        assertThat(kept.fences).hasValue(1);
    }

    @Test
    void thereIsNoFenceWhileRenewalsSucceed() throws InterruptedException {
        Kept kept = new Kept(Duration.ofMillis(100)).keep(Duration.ofSeconds(2));
        long firstEnd = System.nanoTime() + Duration.ofMillis(2100).toNanos();

        await().atMost(LIMIT).until(() -> System.nanoTime() - firstEnd > 0);
        assertThat(kept.keeper.held()).contains(kept.lease);
        assertThat(arbiter.record().heldBy("a")).isTrue();
        assertThat(kept.fences).hasValue(0);
    }

    /** A timer's task that throws is never run again. */
    @Test
    void anErrorThatNobodyThoughtOfDoesNotEndTheRenewals() throws InterruptedException {
        Kept kept = new Kept(Duration.ofMillis(100)).keep(Duration.ofSeconds(2));
        kept.client.failOnce(new IllegalStateException("a connection that was given up"));
        long firstEnd = System.nanoTime() + Duration.ofMillis(2100).toNanos();

        await().atMost(LIMIT).until(() -> System.nanoTime() - firstEnd > 0);
        assertThat(kept.fences).hasValue(0);
        assertThat(kept.keeper.held()).contains(kept.lease);
    }

    @Test
    void aLeaseThatWasReleasedNeverFences() throws InterruptedException {
        Kept released = new Kept(MARGIN).keep(LEASE);
        released.keeper.release();
        assertThat(released.keeper.held()).isEmpty();
        assertThat(arbiter.record().holder()).isEmpty();
        // A later lease whose fence does go up tells that the earlier one's time is over.
        Kept later = new Kept(MARGIN).keep(LEASE);
        later.client.cut(true);
        later.awaitFence();

        assertThat(released.fences).hasValue(0);
    }

    @Test
    void aLeaseWhoseAnswerTookTooLongIsNotHeld() throws InterruptedException {
        Kept kept = new Kept(MARGIN);
        Lease lease = kept.client.acquire("a", kept.client.read(), LEASE).orElseThrow();
        kept.keeper.keep(lease, System.nanoTime() - LEASE.toNanos());

        assertThat(kept.keeper.held()).isEmpty();
        kept.awaitFence();
    }

    /** What somebody outside is told, in order. */
    private static final class Told implements LeaseWatcher {
        private final List<String> what = new CopyOnWriteArrayList<>();
        private volatile long fenceAt;
        private volatile long endsAt;

        @Override
        public void lasts(long newFenceAt, long newEndsAt) {
            fenceAt = newFenceAt;
            endsAt = newEndsAt;
            what.add("lasts");
        }

        @Override
        public void over() {
            what.add("over");
        }
    }

    private LeaseKeeper keeper(FakeArbiter.Client client, AgentClock clock, Fence fence, LeaseWatcher watcher) {
        LeaseKeeper keeper = new LeaseKeeper(client, MARGIN, clock, fence, List.of(watcher));
        keepers.add(keeper);
        return keeper;
    }

    @Test
    void clientsAreTurnedAwayBeforeTheFenceGoesUp() throws InterruptedException {
        List<String> doings = new CopyOnWriteArrayList<>();
        FakeArbiter.Client client = arbiter.client();
        Fence fence = new Fence() {
            @Override
            public void turnClientsAway() {
                doings.add("away");
            }

            @Override
            public void up() {
                doings.add("up");
            }
        };
        Told told = new Told();
        LeaseKeeper keeper = keeper(client, System::nanoTime, fence, told);
        long askedAt = keeper.now();
        keeper.keep(client.acquire("a", client.read(), LEASE).orElseThrow(), askedAt);
        client.cut(true);
        await().atMost(LIMIT).until(() -> doings.contains("up"));

        assertThat(doings).startsWith("away").endsWith("up").containsOnlyOnce("up");
        await().atMost(LIMIT).until(() -> told.what.contains("over"));
        assertThat(told.what).containsExactly("lasts", "over");
        assertThat(told.fenceAt - askedAt).isEqualTo(LEASE.minus(MARGIN).toNanos());
        assertThat(told.endsAt - askedAt).isEqualTo(LEASE.toNanos());
    }

    /** Turning clients away asks PostgreSQL, which may hang; the fence asks nobody. */
    @Test
    void clientsThatCannotBeTurnedAwayDoNotHoldUpTheFence() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicInteger fences = new AtomicInteger();
        FakeArbiter.Client client = arbiter.client();
        Fence fence = new Fence() {
            @Override
            public void turnClientsAway() throws InterruptedException {
                hangs.await();
            }

            @Override
            public void up() {
                fences.incrementAndGet();
            }
        };
        LeaseKeeper keeper = keeper(client, System::nanoTime, fence, new Told());
        keeper.keep(client.acquire("a", client.read(), LEASE).orElseThrow(), keeper.now());
        client.cut(true);

        await().atMost(LIMIT).until(() -> fences.get() == 1);
        hangs.countDown();
    }

    @Test
    void aFenceThatDoesNotGoUpIsTriedAgainAndNobodyStandsDownBefore() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        Told told = new Told();
        FakeArbiter.Client client = arbiter.client();
        LeaseKeeper keeper = keeper(
                client,
                System::nanoTime,
                () -> {
                    if (tries.incrementAndGet() < 3) {
                        assertThat(told.what).doesNotContain("over");
                        throw new IllegalStateException("a process is stuck in the kernel");
                    }
                },
                told);
        keeper.keep(client.acquire("a", client.read(), LEASE.multipliedBy(2)).orElseThrow(), keeper.now());
        arbiter.forgetLease();

        await().atMost(LIMIT).until(() -> told.what.contains("over"));
        assertThat(tries).hasValue(3);
    }

    /** The lease went on while the machine slept; the first look after that ends it, and no timer has to run down. */
    @Test
    void aSleepLongerThanTheLeaseEndsItAtOnce() throws InterruptedException {
        AtomicLong slept = new AtomicLong();
        AtomicInteger fences = new AtomicInteger();
        FakeArbiter.Client client = arbiter.client();
        Duration longLease = Duration.ofHours(2);
        LeaseKeeper keeper = keeper(client, () -> System.nanoTime() + slept.get(), fences::incrementAndGet, new Told());
        keeper.keep(client.acquire("a", client.read(), longLease).orElseThrow(), keeper.now());
        assertThat(keeper.held()).isPresent();
        slept.set(longLease.toNanos());

        assertThat(keeper.held()).isEmpty();
        await().atMost(LIMIT).until(() -> fences.get() == 1);
    }

    @Test
    void whoGivesTheLeaseAwayTellsBeforeAnybodyElseCanHaveIt() throws InterruptedException {
        FakeArbiter.Client client = arbiter.client();
        List<Boolean> held = new CopyOnWriteArrayList<>();
        LeaseKeeper keeper = keeper(client, System::nanoTime, () -> {}, new LeaseWatcher() {
            @Override
            public void lasts(long fenceAt, long endsAt) {}

            @Override
            public void over() {
                held.add(arbiter.record().heldBy("a"));
            }
        });
        keeper.keep(client.acquire("a", client.read(), LEASE).orElseThrow(), keeper.now());
        keeper.release();

        assertThat(held).containsExactly(true);
        assertThat(arbiter.record().holder()).isEmpty();
    }

    @Test
    void theNextLeaseIsKeptLikeTheFirst() throws InterruptedException {
        Kept kept = new Kept(MARGIN).keep(LEASE);
        kept.keeper.release();
        kept.keep(LEASE.multipliedBy(2));
        arbiter.forgetLease();
        kept.awaitFence();

        assertThat(kept.fences).hasValue(1);
    }
}
