package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ArbiterException;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Promotes before it has the lease: an arbiter that does not answer is taken for one that would give it. */
public final class SilenceIsVacancy extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public SilenceIsVacancy() {
        super(
                "broken-silence-is-vacancy",
                "takes an arbiter that does not answer for one that has given the lease to nobody");
    }

    @Override
    AgentProgram program() {
        return AgentProgram.with(Agent.class);
    }

    /** Its agent. */
    public static final class Agent {

        private Agent() {}

        /**
         * Runs the agent until it is told to stop.
         *
         * @throws IOException if the configuration cannot be read
         * @throws InterruptedException if the main thread is interrupted
         */
        public static void main(String[] arguments) throws IOException, InterruptedException {
            BrokenAgent.run(arguments, (context, real) -> new Impatient(real));
        }
    }

    /** Its arbiter. */
    private static final class Impatient extends WrappedArbiter {

        private static final long OWN = -1;
        private Optional<ClusterRecord> last = Optional.empty();
        private Optional<Lease> own = Optional.empty();

        Impatient(Arbiter real) {
            super(real);
        }

        @Override
        public synchronized ClusterRecord read() throws InterruptedException {
            ClusterRecord facts;
            try {
                facts = super.read();
                last = Optional.of(facts);
            } catch (ArbiterException e) {
                ClusterRecord known = last.orElseThrow(() -> e);
                facts = new ClusterRecord(
                        known.systemIdentifier(),
                        Optional.empty(),
                        known.term(),
                        known.elected(),
                        known.succession(),
                        known.revision());
            }
            Optional<String> holder = own.isPresent() ? own.map(Lease::member) : facts.holder();
            return new ClusterRecord(
                    facts.systemIdentifier(),
                    holder,
                    facts.term(),
                    facts.elected(),
                    facts.succession(),
                    facts.revision());
        }

        @Override
        public synchronized Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration)
                throws InterruptedException {
            try {
                return super.acquire(member, seen, duration);
            } catch (ArbiterException e) {
                own = Optional.of(new Lease(member, seen.term() + 1, OWN, duration));
                return own;
            }
        }

        @Override
        public boolean renew(Lease lease) throws InterruptedException {
            return lease.id() == OWN || super.renew(lease);
        }

        @Override
        public void release(Lease lease) throws InterruptedException {
            if (lease.id() != OWN) {
                super.release(lease);
                return;
            }
            synchronized (this) {
                own = Optional.empty();
            }
        }

        @Override
        public boolean recordSuccession(Lease lease, Succession succession) throws InterruptedException {
            if (lease.id() != OWN) {
                return super.recordSuccession(lease, succession);
            }
            synchronized (this) {
                last = last.map(facts -> facts.with(succession));
                return true;
            }
        }
    }
}
