package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.decision.DurabilityPolicy;
import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;

/** Takes writes alone after a promotion and has it on record only when a standby is back: the one it succeeded may be promoted. */
public final class OpenBeforeRecord extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public OpenBeforeRecord() {
        super(
                "broken-open-before-record",
                "takes writes alone after a promotion before it is on record that nobody else has them");
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
            boolean alone = view.standbys().stream().noneMatch(DurabilityPolicy.Standby::streaming);
            if (own || !alone) {
                return DurabilityPolicy.next(view);
            }
            return view.gate().equals(Gate.OPEN)
                    ? new DurabilityPolicy.Move.Rest()
                    : new DurabilityPolicy.Move.Apply(Gate.OPEN);
        }
    }
}
