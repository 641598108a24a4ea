package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.streaming.AgentContext;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Keeps in its own memory who may be promoted: whoever has to choose later does not know, and takes everybody for promotable. */
public final class PromotableInMemory extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public PromotableInMemory() {
        super("broken-promotable-in-memory", "keeps in its memory who may be promoted, where nobody else can read it");
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
            BrokenAgent.run(arguments, Forgetful::new);
        }
    }

    /** Its arbiter. */
    private static final class Forgetful extends WrappedArbiter {

        private final Succession everybody;
        private final String member;
        private Optional<Succession> own = Optional.empty();

        Forgetful(AgentContext context, Arbiter real) {
            super(real);
            this.member = context.member();
            this.everybody = new Succession(Set.copyOf(context.members()), 1, "", Integer.MAX_VALUE);
        }

        @Override
        public synchronized ClusterRecord read() throws InterruptedException {
            ClusterRecord facts = super.read();
            if (facts.systemIdentifier().isEmpty()) {
                return facts;
            }
            boolean mine = facts.heldBy(member);
            own = mine ? own : Optional.empty();
            return facts.with(mine ? own.orElse(facts.succession()) : everybody);
        }

        @Override
        public synchronized boolean recordSuccession(Lease lease, Succession succession) {
            own = Optional.of(succession);
            return true;
        }
    }
}
