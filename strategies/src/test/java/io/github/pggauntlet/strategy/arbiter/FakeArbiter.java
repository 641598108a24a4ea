package io.github.pggauntlet.strategy.arbiter;

import io.github.pggauntlet.strategy.decision.Succession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An arbiter in memory that passes time as a test says. Each member has a {@linkplain #client() client} of its own, which
 * can be cut off, made to hang, or made to lose the answers to what it has done.
 */
public final class FakeArbiter {

    private final LongSupplier nanos;
    private final List<Client> clients = new ArrayList<>();

    private Optional<String> system = Optional.empty();
    private @Nullable Lease lease;
    private long endsAt;
    private long term;
    private long ids;
    private long revision;
    private Optional<String> elected = Optional.empty();
    private Succession succession = Succession.NONE;

    /** @param nanos the time */
    public FakeArbiter(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A member's way to the arbiter. */
    public synchronized Client client() {
        Client client = new Client();
        clients.add(client);
        return client;
    }

    /** What is on record. */
    public synchronized ClusterRecord record() {
        return new ClusterRecord(system, current().map(Lease::member), term, elected, succession, revision);
    }

    /** Takes the lease from whoever holds it, as an arbiter does that has lost it. */
    public void forgetLease() {
        synchronized (this) {
            lease = null;
        }
        tell();
    }

    private Optional<Lease> current() {
        if (lease != null && nanos.getAsLong() - endsAt >= 0) {
            lease = null;
        }
        return Optional.ofNullable(lease);
    }

    private boolean held(Lease by) {
        return current().filter(by::equals).isPresent();
    }

    private void tell() {
        List<Runnable> listeners;
        synchronized (this) {
            listeners = clients.stream().map(client -> client.listener).toList();
        }
        listeners.forEach(Runnable::run);
    }

    private synchronized Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) {
        if (current().isPresent() || seen.revision() != revision) {
            return Optional.empty();
        }
        term++;
        elected = Optional.of(member);
        revision++;
        Lease taken = new Lease(member, term, ++ids, duration);
        lease = taken;
        endsAt = nanos.getAsLong() + duration.toNanos();
        return Optional.of(taken);
    }

    private synchronized boolean renew(Lease by) {
        if (!held(by)) {
            return false;
        }
        endsAt = nanos.getAsLong() + by.duration().toNanos();
        return true;
    }

    private synchronized boolean release(Lease by) {
        if (held(by)) {
            lease = null;
        }
        return true;
    }

    private synchronized boolean recordSuccession(Lease by, Succession next) {
        if (!held(by)) {
            return false;
        }
        succession = next;
        revision++;
        return true;
    }

    private synchronized boolean recordSystem(Lease by, String identifier) {
        if (!held(by) || system.isPresent()) {
            return false;
        }
        system = Optional.of(identifier);
        succession = Succession.alone(by.member(), 1);
        revision++;
        return true;
    }

    /** A member's way to the arbiter. */
    public final class Client implements Arbiter {

        private volatile Runnable listener = () -> {};
        private volatile boolean cut;
        private volatile boolean answersLost;
        private volatile boolean recordsLost;
        private volatile @Nullable RuntimeException failure;
        private volatile CountDownLatch hanging = new CountDownLatch(0);

        private Client() {}

        /** From now on nothing gets there. */
        public void cut(boolean now) {
            cut = now;
        }

        /** From now on what is asked is done, and the answer lost. */
        public void loseAnswers(boolean now) {
            answersLost = now;
        }

        /** From now on the answers to what is recorded are lost, and it is done. */
        public void loseRecords(boolean now) {
            recordsLost = now;
        }

        /** The next call fails like this. */
        public void failOnce(RuntimeException with) {
            failure = with;
        }

        /** From now on calls hang, until {@link #resume()}; interruption ends them. */
        public void hang() {
            hanging = new CountDownLatch(1);
        }

        /** Calls that hang go on. */
        public void resume() {
            hanging.countDown();
        }

        private <T> T ask(Supplier<T> question) throws InterruptedException {
            hanging.await();
            RuntimeException once = failure;
            failure = null;
            if (once != null) {
                throw once;
            }
            if (cut) {
                throw unanswered();
            }
            T answer = question.get();
            if (answersLost) {
                throw unanswered();
            }
            return answer;
        }

        private ArbiterException unanswered() {
            return new ArbiterException("The arbiter did not answer.", new IllegalStateException("fake"));
        }

        @Override
        public ClusterRecord read() throws InterruptedException {
            return ask(FakeArbiter.this::record);
        }

        @Override
        public Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration)
                throws InterruptedException {
            Optional<Lease> taken = ask(() -> FakeArbiter.this.acquire(member, seen, duration));
            if (taken.isPresent()) {
                tell();
            }
            return taken;
        }

        @Override
        public boolean renew(Lease by) throws InterruptedException {
            return ask(() -> FakeArbiter.this.renew(by));
        }

        @Override
        public void release(Lease by) throws InterruptedException {
            ask(() -> FakeArbiter.this.release(by));
            tell();
        }

        @Override
        public boolean recordSuccession(Lease by, Succession next) throws InterruptedException {
            boolean recorded = ask(() -> FakeArbiter.this.recordSuccession(by, next));
            if (recordsLost) {
                throw unanswered();
            }
            return recorded;
        }

        @Override
        public boolean recordSystem(Lease by, String identifier) throws InterruptedException {
            return ask(() -> FakeArbiter.this.recordSystem(by, identifier));
        }

        @Override
        public void onChange(Runnable newListener) {
            listener = newListener;
        }

        @Override
        public void close() {
            listener = () -> {};
        }
    }
}
