package io.github.pggauntlet.strategy.ucarp;

import java.util.Optional;
import java.util.Set;

/**
 * What one machine knows of the cluster's facts. It is kept on disk, and tells the other machine when asked.
 *
 * @param system the identity of the cluster's data, once the machine knows of it
 * @param term the latest term that it knows of: how many times the address's master has been made primary
 * @param primary whether it was made primary itself in that term
 * @param promotable who may be promoted, as the primary of the latest term it has heard from has said
 */
public record Ledger(Optional<String> system, long term, boolean primary, Set<String> promotable) {

    public Ledger {
        promotable = Set.copyOf(promotable);
    }

    /** Of a machine that has never heard of the cluster. */
    static Ledger empty() {
        return new Ledger(Optional.empty(), 0, false, Set.of());
    }

    Ledger withSystem(String identifier, Set<String> members) {
        return new Ledger(Optional.of(identifier), term, primary, members);
    }

    Ledger withPromotable(Set<String> members) {
        return new Ledger(system, term, primary, members);
    }

    /** A term has begun. */
    Ledger begin(long newTerm, boolean asPrimary) {
        return new Ledger(system, newTerm, asPrimary, promotable);
    }
}
