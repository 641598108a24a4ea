package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.FailoverRules;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Leaves a member that has failed to itself: there is a primary again, and redundancy never is. */
public final class NeverRejoins extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public NeverRejoins() {
        super("broken-never-rejoins", "leaves a member that has failed to itself");
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
            boolean was = view.postgres() == FailoverRules.Postgres.DOWN_PRIMARY;
            return was && sound.step() == FailoverRules.Step.REJOIN
                    ? new FailoverRules.Decision(FailoverRules.Step.WAIT, "an operator will see to it")
                    : sound;
        }
    }
}
