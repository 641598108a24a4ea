package io.github.pggauntlet.strategy.arbiter;

import java.util.Optional;
import java.util.Set;

/**
 * The facts about a cluster at one moment.
 *
 * @param systemIdentifier the identity of the cluster's data, once it exists
 * @param holder who holds the lease
 * @param term the term of the latest lease; 0 if there never was one
 * @param promotable the members that may be promoted; empty until the cluster's data exists
 * @param revision changes whenever {@code promotable} or {@code term} does
 */
public record ClusterRecord(
        Optional<String> systemIdentifier, Optional<String> holder, long term, Set<String> promotable, long revision) {

    public ClusterRecord {
        promotable = Set.copyOf(promotable);
    }

    /** Whether {@code member} holds the lease. */
    public boolean heldBy(String member) {
        return holder.filter(member::equals).isPresent();
    }

    /** The same with others who may be promoted, as just recorded by the caller. */
    public ClusterRecord withPromotable(Set<String> members) {
        return new ClusterRecord(systemIdentifier, holder, term, members, revision);
    }
}
