package io.github.pggauntlet.strategy.arbiter;

import io.github.pggauntlet.strategy.decision.Succession;
import java.util.Optional;
import java.util.Set;

/**
 * The facts about a cluster at one moment.
 *
 * @param systemIdentifier the identity of the cluster's data, once it exists
 * @param holder who holds the lease
 * @param term the term of the latest lease; 0 if there never was one
 * @param elected who took the latest lease
 * @param succession who may be promoted, and on what condition
 * @param revision changes whenever {@code succession} or {@code term} does
 */
public record ClusterRecord(
        Optional<String> systemIdentifier,
        Optional<String> holder,
        long term,
        Optional<String> elected,
        Succession succession,
        long revision) {

    /** Whether {@code member} holds the lease. */
    public boolean heldBy(String member) {
        return holder.filter(member::equals).isPresent();
    }

    /** The members that may be promoted. */
    public Set<String> promotable() {
        return succession.members();
    }

    /** The same with another succession, as just recorded by the caller. */
    public ClusterRecord with(Succession other) {
        return new ClusterRecord(systemIdentifier, holder, term, elected, other, revision);
    }
}
