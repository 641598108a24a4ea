package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The address together with a witness: the master of the address is promoted only under a lease of the witness, and gives
 * that lease back when it is not master any more. So a machine that merely does not hear the other one becomes master of
 * the address and nothing else: it cannot get the lease, its PostgreSQL takes no write, and vipmon does not put the address
 * up.
 */
final class WitnessedArbiter implements Arbiter {

    private final String self;
    private final String other;
    private final AddressTurn turns;
    private final Arbiter witness;
    private final BooleanSupplier running;
    private final TurnWatch watch;
    private volatile Optional<String> leaseTurn = Optional.empty();
    private volatile Optional<String> spentTurn = Optional.empty();
    private volatile Set<String> lastPromotable = Set.of();

    WitnessedArbiter(String self, String other, AddressTurn turns, Arbiter witness, BooleanSupplier running) {
        this.self = self;
        this.other = other;
        this.turns = turns;
        this.witness = witness;
        this.running = running;
        this.watch = new TurnWatch(turns);
    }

    private Optional<String> turn() {
        return turns.current().filter(now -> !spentTurn.equals(Optional.of(now)));
    }

    @Override
    public ClusterRecord read() throws InterruptedException {
        ClusterRecord facts = witness.read();
        lastPromotable = facts.promotable();
        if (facts.heldBy(other)) {
            turns.taken();
        }
        if (facts.holder().isPresent() || turn().isPresent() || running.getAsBoolean()) {
            // A standby must not stream from a machine that may yet be chosen, or neither ever is.
            return facts;
        }
        // Nobody has the lease, and this machine is not the one to take it: it waits for a primary to follow.
        return new ClusterRecord(
                facts.systemIdentifier(),
                Optional.of(other),
                facts.term(),
                facts.elected(),
                facts.succession(),
                facts.revision());
    }

    @Override
    public Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) throws InterruptedException {
        Optional<String> turn = turn();
        if (turn.isEmpty()) {
            return Optional.empty();
        }
        Optional<Lease> lease = witness.acquire(member, seen, duration);
        lease.ifPresent(obtained -> leaseTurn = turn);
        return lease;
    }

    @Override
    public boolean renew(Lease lease) throws InterruptedException {
        return leaseTurn.isPresent() && leaseTurn.equals(turn()) && witness.renew(lease);
    }

    @Override
    public void release(Lease lease) throws InterruptedException {
        // Where nobody else may be promoted there is nobody to give the address to.
        if (!lastPromotable.equals(Set.of(self))) {
            spentTurn = leaseTurn;
            turns.giveAway("PostgreSQL has ended, or its role was given up");
        }
        leaseTurn = Optional.empty();
        witness.release(lease);
    }

    @Override
    public boolean recordSuccession(Lease lease, Succession succession) throws InterruptedException {
        boolean recorded = witness.recordSuccession(lease, succession);
        if (recorded) {
            lastPromotable = succession.members();
        }
        return recorded;
    }

    @Override
    public boolean recordSystem(Lease lease, String systemIdentifier) throws InterruptedException {
        return witness.recordSystem(lease, systemIdentifier);
    }

    @Override
    public void onChange(Runnable listener) {
        witness.onChange(listener);
        watch.start(listener);
    }

    @Override
    public void close() {
        watch.close();
        witness.close();
    }
}
