package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import java.time.Duration;
import java.util.Optional;

/** The real arbiter, of which one answer or another is got wrong. */
abstract class WrappedArbiter implements Arbiter {

    private final Arbiter real;

    WrappedArbiter(Arbiter real) {
        this.real = real;
    }

    @Override
    public ClusterRecord read() throws InterruptedException {
        return real.read();
    }

    @Override
    public Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) throws InterruptedException {
        return real.acquire(member, seen, duration);
    }

    @Override
    public boolean renew(Lease lease) throws InterruptedException {
        return real.renew(lease);
    }

    @Override
    public void release(Lease lease) throws InterruptedException {
        real.release(lease);
    }

    @Override
    public boolean recordSuccession(Lease lease, Succession succession) throws InterruptedException {
        return real.recordSuccession(lease, succession);
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
