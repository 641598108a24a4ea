package io.github.pggauntlet.strategy.streaming;

/**
 * What an {@linkplain io.github.pggauntlet.strategy.arbiter.Arbiter arbiter} is, beside that, if the members' arbiters talk
 * to each other. Only who knows the cluster's token is answered. Safe for use by several threads.
 */
@FunctionalInterface
public interface PeerAnswers {

    /**
     * Answers what another member's arbiter has asked through {@link PeerQuestions}.
     *
     * @throws IllegalArgumentException if the question makes no sense
     */
    String answer(String question);
}
