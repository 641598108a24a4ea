package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ArbiterException;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import java.io.IOException;

/** Takes its lease for renewed whatever the arbiter says, and if it says nothing: a primary that is cut off goes on for ever. */
public final class RenewalAssumed extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public RenewalAssumed() {
        super(
                "broken-renewal-assumed",
                "takes its lease for renewed whatever the arbiter says, or if it says nothing",
                Durability.ASYNC);
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
            BrokenAgent.run(arguments, (context, real) -> new Assuming(real));
        }
    }

    /** Its arbiter. */
    private static final class Assuming extends WrappedArbiter {

        Assuming(Arbiter real) {
            super(real);
        }

        @Override
        public boolean renew(Lease lease) throws InterruptedException {
            try {
                super.renew(lease);
            } catch (ArbiterException e) {
                return true;
            }
            return true;
        }
    }
}
