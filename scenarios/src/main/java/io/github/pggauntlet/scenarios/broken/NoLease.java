package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Promotes without a lease and without fencing: a standby that gets no answer from the primary takes it for dead. */
public final class NoLease extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public NoLease() {
        super("broken-no-lease", "promotes with no lease and no fencing as soon as the primary does not answer");
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
            AgentRuntime.run(Path.of(arguments[0]), UnaryOperator.identity(), OwnOpinionArbiter::new);
        }
    }
}
