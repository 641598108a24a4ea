package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.streaming.AgentContext;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An arbiter that is nobody but the member itself: whoever does not answer as primary is not there. */
final class OwnOpinionArbiter implements Arbiter {

    /** How many questions in a row must go unanswered: the mistake shall show under a fault, not on a busy computer. */
    private static final int PATIENCE = 4;

    private final AgentContext context;
    private final List<String> others;
    private boolean primary;
    private int unanswered;
    private Optional<String> lastSeen;
    private long term;
    private Succession succession;

    OwnOpinionArbiter(AgentContext context) {
        this.context = context;
        this.others = context.members().stream()
                .filter(member -> !member.equals(context.member()))
                .toList();
        this.succession = everybody(context);
        this.lastSeen = Optional.empty();
    }

    @Override
    public ClusterRecord read() throws InterruptedException {
        Optional<String> other = isPrimary() ? Optional.empty() : otherPrimary();
        synchronized (this) {
            boolean data = Files.exists(context.data().resolve("PG_VERSION"));
            String first = context.members().get(0);
            if (!data && other.isEmpty() && !primary && !context.member().equals(first)) {
                // Only the first member begins a cluster; the others wait for it however long that takes.
                return new ClusterRecord(
                        Optional.empty(), Optional.of(first), term, Optional.empty(), Succession.NONE, 0);
            }
            return new ClusterRecord(
                    data || other.isPresent() ? Optional.of("unknown") : Optional.empty(),
                    primary ? Optional.of(context.member()) : other,
                    term,
                    Optional.empty(),
                    primary ? succession : everybody(context),
                    0);
        }
    }

    private static Succession everybody(AgentContext context) {
        return new Succession(Set.copyOf(context.members()), 1, context.member(), Integer.MAX_VALUE);
    }

    private synchronized boolean isPrimary() {
        return primary;
    }

    private Optional<String> otherPrimary() throws InterruptedException {
        Optional<String> answered = context.peers().ask(others).stream()
                .filter(peer -> peer.role() == NodeRole.PRIMARY)
                .map(NodeStatus::member)
                .findFirst();
        synchronized (this) {
            unanswered = answered.isPresent() ? 0 : unanswered + 1;
            if (answered.isPresent()) {
                lastSeen = answered;
            }
            return unanswered < PATIENCE ? lastSeen : Optional.empty();
        }
    }

    @Override
    public synchronized Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) {
        primary = true;
        term++;
        return Optional.of(new Lease(member, term, term, duration));
    }

    @Override
    public boolean renew(Lease lease) {
        return true;
    }

    @Override
    public synchronized void release(Lease lease) {
        primary = false;
    }

    @Override
    public synchronized boolean recordSuccession(Lease lease, Succession next) {
        succession = next;
        return true;
    }

    @Override
    public synchronized boolean recordSystem(Lease lease, String systemIdentifier) {
        succession = Succession.alone(context.member(), 1);
        return true;
    }

    @Override
    public void onChange(Runnable listener) {
        // Nobody tells it anything.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
