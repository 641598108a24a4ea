package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Has nobody beside the agent: when the agent stands still for longer than its lease, PostgreSQL goes on taking writes. */
public final class NoWatchdog extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public NoWatchdog() {
        super(
                "broken-no-watchdog",
                "has nobody beside the agent who stops PostgreSQL when the agent stands still",
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
        public boolean watches() {
            return false;
        }
    }
}
