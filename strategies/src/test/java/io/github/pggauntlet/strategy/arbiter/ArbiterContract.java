package io.github.pggauntlet.strategy.arbiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.decision.Succession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every arbiter holds to. The same cases, against real etcd, are in the harness's {@code EtcdArbiterIT}; whoever
 * changes one changes the other.
 */
abstract class ArbiterContract {

    static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** One more way to the same arbiter. */
    abstract Arbiter connect();

    /** Lets time pass until a lease that is not renewed has ended. */
    abstract void letLeaseEnd() throws InterruptedException;

    /** Cuts the ways that were made, or mends them. */
    abstract void reachable(boolean now);

    @Test
    void aNewClusterHasNothingOnRecord() throws InterruptedException {
        ClusterRecord record = connect().read();

        assertThat(record.systemIdentifier()).isEmpty();
        assertThat(record.holder()).isEmpty();
        assertThat(record.term()).isZero();
        assertThat(record.promotable()).isEmpty();
    }

    @Test
    void whoAcquiresHoldsTheLeaseInANewTerm() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lease = acquire(arbiter, "a");

        assertThat(lease)
                .extracting(Lease::member, Lease::term, Lease::duration)
                .containsExactly("a", 1L, LEASE);
        assertThat(connect().read().heldBy("a")).isTrue();
        assertThat(arbiter.read().term()).isEqualTo(1);
        assertThat(arbiter.acquire("b", arbiter.read(), LEASE)).isEmpty();
    }

    @Test
    void onlyOneOfManyWins() throws Exception {
        int askers = 8;
        List<Arbiter> ways = new ArrayList<>();
        for (int i = 0; i < askers; i++) {
            ways.add(connect());
        }
        ClusterRecord seen = ways.get(0).read();
        ExecutorService pool = Executors.newFixedThreadPool(askers);
        try {
            List<Future<Optional<Lease>>> answers = new ArrayList<>();
            for (int i = 0; i < askers; i++) {
                Arbiter way = ways.get(i);
                String member = "m" + i;
                answers.add(pool.submit(() -> way.acquire(member, seen, LEASE)));
            }
            List<Lease> won = new ArrayList<>();
            for (Future<Optional<Lease>> answer : answers) {
                answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS).ifPresent(won::add);
            }
            assertThat(won).hasSize(1);
            assertThat(ways.get(0).read().holder()).contains(won.get(0).member());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whoHasSeenAnEarlierTermLoses() throws InterruptedException {
        Arbiter arbiter = connect();
        ClusterRecord before = arbiter.read();
        arbiter.release(acquire(arbiter, "a"));

        assertThat(arbiter.read().holder()).isEmpty();
        assertThat(arbiter.acquire("b", before, LEASE)).isEmpty();
        assertThat(arbiter.acquire("b", arbiter.read(), LEASE)).isPresent();
    }

    /** Between reading and asking, somebody was taken off the list of those who may be promoted. */
    @Test
    void whoHasSeenAnEarlierPromotableSetLoses() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lease = acquire(arbiter, "a");
        arbiter.recordSystem(lease, "7");
        arbiter.recordSuccession(lease, succession(lease, Set.of("a", "b")));
        ClusterRecord before = arbiter.read();
        arbiter.recordSuccession(lease, succession(lease, Set.of("a")));
        arbiter.release(lease);

        assertThat(arbiter.acquire("b", before, LEASE)).isEmpty();
    }

    @Test
    void aLeaseThatIsNotRenewedEnds() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lease = acquire(arbiter, "a");
        letLeaseEnd();

        assertThat(arbiter.read().holder()).isEmpty();
        assertThat(arbiter.renew(lease)).isFalse();
        assertThat(acquire(arbiter, "b").term()).isEqualTo(2);
        assertThat(arbiter.renew(lease)).isFalse();
        assertThat(arbiter.read().heldBy("b")).isTrue();
    }

    @Test
    void aLeaseThatIsHeldIsRenewed() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lease = acquire(arbiter, "a");

        assertThat(arbiter.renew(lease)).isTrue();
        assertThat(arbiter.read().heldBy("a")).isTrue();
    }

    @Test
    void whatIsReleasedIsFreeAtOnce() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lease = acquire(arbiter, "a");
        arbiter.release(lease);

        assertThat(arbiter.read().holder()).isEmpty();
        assertThat(arbiter.renew(lease)).isFalse();
        Lease next = acquire(arbiter, "b");
        // Whoever gives back twice takes nothing from others.
        arbiter.release(lease);
        assertThat(arbiter.read().heldBy("b")).isTrue();
        assertThat(next.term()).isEqualTo(2);
    }

    @Test
    void onlyTheHolderRecords() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lost = acquire(arbiter, "a");
        assertThat(arbiter.recordSystem(lost, "7")).isTrue();
        assertThat(arbiter.recordSuccession(lost, succession(lost, Set.of("a", "b"))))
                .isTrue();
        arbiter.release(lost);

        assertThat(arbiter.recordSuccession(lost, succession(lost, Set.of("c"))))
                .isFalse();
        Lease next = acquire(arbiter, "b");
        assertThat(arbiter.recordSuccession(lost, succession(lost, Set.of("c"))))
                .isFalse();
        assertThat(arbiter.read().promotable()).containsExactlyInAnyOrder("a", "b");
        // The next holder may come by another way, and has read nothing by it.
        assertThat(connect().recordSuccession(next, succession(next, Set.of("b"))))
                .isTrue();
        assertThat(arbiter.recordSuccession(next, succession(next, Set.of("b", "c"))))
                .isTrue();
        assertThat(arbiter.read().promotable()).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void theIdentityIsRecordedOnceWithItsHolderAsTheOnlyPromotableMember() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lease = acquire(arbiter, "a");

        assertThat(arbiter.recordSystem(lease, "7")).isTrue();
        assertThat(arbiter.recordSystem(lease, "8")).isFalse();
        assertThat(arbiter.read().systemIdentifier()).contains("7");
        assertThat(arbiter.read().promotable()).containsExactly("a");
        arbiter.release(lease);
        assertThat(arbiter.recordSystem(lease, "9")).isFalse();
        assertThat(arbiter.read().systemIdentifier()).contains("7");
    }

    @Test
    void aChangeOfTheHolderIsToldToTheOthers() throws InterruptedException {
        AtomicInteger told = new AtomicInteger();
        Arbiter listening = connect();
        listening.onChange(told::incrementAndGet);
        listening.read();
        Arbiter other = connect();
        // A listener may miss what happens while it is being set up; so it happens until it is heard.
        await().atMost(LIMIT).until(() -> {
            other.release(acquire(other, "a"));
            return told.get() > 0;
        });
        int before = told.get();
        Lease lease = acquire(other, "a");
        await().atMost(LIMIT).until(() -> told.get() > before);
        int taken = told.get();
        other.release(lease);
        await().atMost(LIMIT).until(() -> told.get() > taken);
    }

    @Test
    void whoCannotBeReachedIsAnErrorAndWorksAgainLater() throws InterruptedException {
        Arbiter arbiter = connect();
        Lease lease = acquire(arbiter, "a");
        ClusterRecord seen = arbiter.read();
        reachable(false);

        assertThatThrownBy(arbiter::read).isInstanceOf(ArbiterException.class);
        assertThatThrownBy(() -> arbiter.renew(lease)).isInstanceOf(ArbiterException.class);
        assertThatThrownBy(() -> arbiter.release(lease)).isInstanceOf(ArbiterException.class);
        assertThatThrownBy(() -> arbiter.acquire("b", seen, LEASE)).isInstanceOf(ArbiterException.class);
        assertThatThrownBy(() -> arbiter.recordSuccession(lease, succession(lease, Set.of("a"))))
                .isInstanceOf(ArbiterException.class);
        reachable(true);

        await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(ArbiterException.class)
                .until(() -> arbiter.read().term() >= 1);
    }

    static Lease acquire(Arbiter arbiter, String member) throws InterruptedException {
        return arbiter.acquire(member, arbiter.read(), LEASE).orElseThrow();
    }

    private static Succession succession(Lease by, Set<String> members) {
        return new Succession(members, 1, by.member(), 1);
    }
}
