package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.DurabilityPolicy;
import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;
import java.util.Set;

/** Goes on alone when its standby is lost, and leaves the standby on record as one that may be promoted. */
public final class DegradeUnrecorded extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public DegradeUnrecorded() {
        super("broken-degrade-unrecorded", "goes on alone when its standby is lost, and has it on record nowhere");
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
            boolean own = view.succession().by().equals(view.self())
                    && view.succession().timeline() == view.timeline();
            boolean degrades = own
                    && sound instanceof DurabilityPolicy.Move.RecordSuccession next
                    && next.promotable().equals(Set.of(view.self()));
            if (!degrades) {
                return sound;
            }
            return view.gate().equals(Gate.OPEN)
                    ? new DurabilityPolicy.Move.Rest()
                    : new DurabilityPolicy.Move.Apply(Gate.OPEN);
        }
    }
}
