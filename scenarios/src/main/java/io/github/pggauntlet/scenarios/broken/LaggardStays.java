package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Never takes an asynchronous standby off the record of those that may be promoted, however far it lags behind. */
public final class LaggardStays extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public LaggardStays() {
        super(
                "broken-laggard-stays",
                "never takes a standby that lags behind off the record of those that may be promoted",
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
            BrokenAgent.run(arguments, new Rules());
        }
    }

    /** Its rules. */
    private static final class Rules implements AgentRules {

        @Override
        public DurabilityPolicy.Move durability(DurabilityPolicy.View view) {
            DurabilityPolicy.Move sound = DurabilityPolicy.next(view);
            boolean own = view.succession().by().equals(view.self());
            boolean removes = own
                    && sound instanceof DurabilityPolicy.Move.RecordSuccession next
                    && !next.promotable().containsAll(view.succession().members());
            return removes ? new DurabilityPolicy.Move.Rest() : sound;
        }
    }
}
