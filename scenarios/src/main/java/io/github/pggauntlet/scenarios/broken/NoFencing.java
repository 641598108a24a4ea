package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.decision.FailoverRules;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Lets PostgreSQL go on as primary when its lease has ended: neither the agent nor the process beside it kills it. */
public final class NoFencing extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public NoFencing() {
        super("broken-no-fencing", "lets PostgreSQL go on as primary when its lease has ended", Durability.ASYNC);
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
        public FailoverRules.Decision failover(FailoverRules.View view) {
            FailoverRules.Decision sound = FailoverRules.decide(view);
            return sound.step() == FailoverRules.Step.FENCE
                    ? new FailoverRules.Decision(FailoverRules.Step.WAIT, "somebody will see to it")
                    : sound;
        }

        @Override
        public boolean fences() {
            return false;
        }

        @Override
        public boolean watches() {
            return false;
        }
    }
}
