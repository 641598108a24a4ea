package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

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
            AtomicBoolean stubborn = new AtomicBoolean();
            AgentRuntime.run(
                    Path.of(arguments[0]),
                    peers -> members -> stubborn.get() ? deaf(members) : peers.ask(members),
                    context -> new StubbornArbiter(context, context.etcd(), stubborn));
        }

        private static List<NodeStatus> deaf(List<String> members) {
            return members.stream()
                    .map(member -> NodeStatus.unreachable(member, Instant.now(), "nobody else is asked"))
                    .toList();
        }
    }
}
