package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.arbiter.FakeArbiter;
import io.github.pggauntlet.strategy.arbiter.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
