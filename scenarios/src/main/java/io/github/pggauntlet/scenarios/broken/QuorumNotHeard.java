package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.decision.CandidateSelection;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Promotes a standby though so few have answered that those with the latest commits may not be among them. */
public final class QuorumNotHeard extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public QuorumNotHeard() {
        super(
                "broken-quorum-not-heard",
                "promotes the first standby that answers, however few others have",
                Durability.QUORUM);
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
        public CandidateSelection.Choice candidate(
                Succession succession,
                Optional<String> elected,
                Optional<String> favoured,
                List<CandidateSelection.Contender> contenders) {
            Succession lax = new Succession(succession.members(), 1, succession.by(), succession.timeline());
            return CandidateSelection.choose(lax, elected, favoured, contenders);
        }
    }
}
