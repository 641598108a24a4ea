package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.DurabilityPolicy;
import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Lets commits wait for a standby, and takes it for promotable, as soon as it streams and before its disk has what came before. */
public final class CountedTooEarly extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public CountedTooEarly() {
        super("broken-counted-too-early", "counts a standby as one that may be promoted as soon as it streams");
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
            boolean own = view.succession().by().equals(view.self())
                    && view.succession().timeline() == view.timeline();
            Set<String> counted = view.gate().standbys();
            boolean streaming = !counted.isEmpty()
                    && view.standbys().stream()
                            .filter(DurabilityPolicy.Standby::streaming)
                            .map(DurabilityPolicy.Standby::member)
                            .toList()
                            .containsAll(counted);
            if (own && streaming && view.succession().members().equals(Set.of(view.self()))) {
                Set<String> all = new HashSet<>(counted);
                all.add(view.self());
                return new DurabilityPolicy.Move.RecordSuccession(all, 1);
            }
            DurabilityPolicy.Move sound = DurabilityPolicy.next(view);
            return sound instanceof DurabilityPolicy.Move.Join join
                    ? new DurabilityPolicy.Move.Apply(Gate.with(1, join.members()))
                    : sound;
        }
    }
}
