package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.streaming.AgentContext;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks the real arbiter until its member has once been primary and has failed; from then on that member is always right. */
final class StubbornArbiter implements Arbiter {

    private static final String STANDBY_SIGNAL = "standby.signal";

    private final AgentContext context;
    private final Arbiter real;
    private final AtomicBoolean stubborn;
    private Optional<Lease> own = Optional.empty();
    private Succession succession;

    /** Whether its member has run as a primary: one that is still being made has not failed. */
    private boolean served;

    /** @param stubborn set once its member has been primary and has failed */
    StubbornArbiter(AgentContext context, Arbiter real, AtomicBoolean stubborn) {
        this.stubborn = stubborn;
        this.context = context;
        this.real = real;
        this.succession = Succession.alone(context.member(), Integer.MAX_VALUE);
        this.served = isPrimarysData();
    }

    private boolean isPrimarysData() {
        return Files.exists(context.data().resolve("PG_VERSION"))
                && !Files.exists(context.data().resolve(STANDBY_SIGNAL));
    }

    @Override
    public ClusterRecord read() throws InterruptedException {
        ClusterRecord facts = real.read();
        synchronized (this) {
            if (isPrimarysData() && context.running().getAsBoolean()) {
                served = true;
            } else if (served && isPrimarysData() && !facts.heldBy(context.member())) {
                stubborn.set(true);
            }
            if (!stubborn.get()) {
                return facts;
            }
            return new ClusterRecord(
                    facts.systemIdentifier(),
                    own.map(Lease::member),
                    facts.term(),
                    facts.elected(),
                    succession,
                    facts.revision());
        }
    }

    @Override
    public Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) throws InterruptedException {
        synchronized (this) {
            if (stubborn.get()) {
                own = Optional.of(new Lease(member, seen.term() + 1, 0, duration));
                return own;
            }
        }
        return real.acquire(member, seen, duration);
    }

    private synchronized boolean isOwn(Lease lease) {
        return own.filter(lease::equals).isPresent();
    }

    @Override
    public boolean renew(Lease lease) throws InterruptedException {
        return isOwn(lease) || real.renew(lease);
    }

    @Override
    public void release(Lease lease) throws InterruptedException {
        if (isOwn(lease)) {
            synchronized (this) {
                own = Optional.empty();
            }
            return;
        }
        real.release(lease);
    }

    @Override
    public boolean recordSuccession(Lease lease, Succession next) throws InterruptedException {
        if (isOwn(lease)) {
            synchronized (this) {
                succession = next;
            }
            return true;
        }
        return real.recordSuccession(lease, next);
    }

    @Override
    public boolean recordSystem(Lease lease, String systemIdentifier) throws InterruptedException {
        return real.recordSystem(lease, systemIdentifier);
    }

    @Override
    public void onChange(Runnable listener) {
        real.onChange(listener);
    }

    @Override
    public void close() {
        real.close();
    }
}
