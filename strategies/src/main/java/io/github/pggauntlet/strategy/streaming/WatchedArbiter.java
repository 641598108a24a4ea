package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import java.time.Duration;
import java.util.Optional;

/** An arbiter that is asked for the lease only while the kernel's watchdog is armed, if it is to be used. */
final class WatchedArbiter implements Arbiter {

    private final Arbiter arbiter;
    private final WatchdogDevice watchdog;

    WatchedArbiter(Arbiter arbiter, WatchdogDevice watchdog) {
        this.arbiter = arbiter;
        this.watchdog = watchdog;
    }

    /** Answers other members' arbiters, if the one that is asked here talks to them. */
    Optional<PeerAnswers> answers() {
        return arbiter instanceof PeerAnswers talks ? Optional.of(talks) : Optional.empty();
    }

    @Override
    public ClusterRecord read() throws InterruptedException {
        return arbiter.read();
    }

    @Override
    public Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) throws InterruptedException {
        watchdog.arm();
        boolean obtained = false;
        try {
            Optional<Lease> lease = arbiter.acquire(member, seen, duration);
            obtained = lease.isPresent();
            return lease;
        } finally {
            if (!obtained) {
                watchdog.over();
            }
        }
    }

    @Override
    public boolean renew(Lease lease) throws InterruptedException {
        return arbiter.renew(lease);
    }

    @Override
    public void release(Lease lease) throws InterruptedException {
        arbiter.release(lease);
    }

    @Override
    public boolean recordSuccession(Lease lease, Succession succession) throws InterruptedException {
        return arbiter.recordSuccession(lease, succession);
    }

    @Override
    public boolean recordSystem(Lease lease, String systemIdentifier) throws InterruptedException {
        return arbiter.recordSystem(lease, systemIdentifier);
    }

    @Override
    public void onChange(Runnable listener) {
        arbiter.onChange(listener);
    }

    @Override
    public void close() {
        arbiter.close();
    }
}
