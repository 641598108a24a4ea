package io.github.pggauntlet.strategy.streaming;

import java.util.Optional;

/** A way for a member's arbiter to ask another member's something of its own. Safe for use by several threads. */
@FunctionalInterface
public interface PeerQuestions {

    /**
     * Asks.
     *
     * @param member whom
     * @param question the question, which the other member's {@link PeerAnswers} understand
     * @return the answer; empty if none came in time, and then it may have been taken note of or not
     * @throws InterruptedException if the calling thread is interrupted
     */
    Optional<String> ask(String member, String question) throws InterruptedException;
}
