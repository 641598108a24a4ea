package io.github.pggauntlet.strategy.streaming;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The agent's program: one argument, the path of its configuration. */
public final class AgentMain {

    private AgentMain() {}

    /**
     * Runs the agent until it is told to stop.
     *
     * @throws IOException if the configuration cannot be read
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        AgentRuntime.run(Path.of(arguments[0]), UnaryOperator.identity(), AgentContext::etcd);
    }
}
