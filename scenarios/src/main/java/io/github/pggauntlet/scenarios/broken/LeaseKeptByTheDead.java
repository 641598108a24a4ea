package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.FailoverRules;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Keeps its lease alive when its PostgreSQL is dead: the agent is well, and nobody takes over. */
public final class LeaseKeptByTheDead extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public LeaseKeptByTheDead() {
        super("broken-lease-kept-by-the-dead", "keeps its lease alive when its PostgreSQL is dead");
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
            return sound.step() == FailoverRules.Step.RELEASE
                    ? new FailoverRules.Decision(FailoverRules.Step.WAIT, "it still holds the lease")
                    : sound;
        }
    }
}
