package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.arbiter.EtcdArbiter;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRuntime;
import java.io.IOException;
import java.nio.file.Path;

/** Starts a primary that has failed as a primary again, as an init system does that knows nothing of clusters. */
public final class OldPrimaryAgain extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public OldPrimaryAgain() {
        super("broken-old-primary-again", "starts a primary that has failed as a primary again");
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
            AgentRuntime.run(
                    Path.of(arguments[0]),
                    context -> new StubbornArbiter(
                            context, new EtcdArbiter(context.cluster(), context.arbiter(), context.limit())));
        }
    }
}
