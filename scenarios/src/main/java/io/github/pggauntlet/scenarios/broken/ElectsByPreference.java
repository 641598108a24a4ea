package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.decision.CandidateSelection;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.AgentRules;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Promotes the standby that comes first in the configuration, and not the one that has come farthest. */
public final class ElectsByPreference extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public ElectsByPreference() {
        super(
                "broken-elects-by-preference",
                "promotes the standby that comes first in the configuration, however far it has come",
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
            CandidateSelection.Choice sound = CandidateSelection.choose(succession, elected, favoured, contenders);
            return sound.member().isEmpty()
                    ? sound
                    : contenders.stream()
                            .filter(CandidateSelection.Contender::standby)
                            .filter(one -> succession.members().contains(one.member()))
                            .min(Comparator.comparingInt(CandidateSelection.Contender::preference))
                            .map(CandidateSelection.Contender::member)
                            .map(first -> new CandidateSelection.Choice(
                                    Optional.of(first), Set.of(first), first + " comes first"))
                            .orElse(sound);
        }
    }
}
