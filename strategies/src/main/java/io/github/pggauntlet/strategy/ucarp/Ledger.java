package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.decision.Succession;
import java.util.Optional;
import java.util.Set;

/**
 * What one machine knows of the cluster's facts. It is kept on disk, and tells the other machine when asked.
 *
 * @param system the identity of the cluster's data, once the machine knows of it
 * @param term the latest term that it knows of: how many times the address's master has been made primary
 * @param elected whose term that is; empty until there was one
 * @param primary whether it was made primary itself in that term
 * @param succession who may be promoted, as the primary of the latest term it has heard from has said
 */
public record Ledger(
        Optional<String> system, long term, Optional<String> elected, boolean primary, Succession succession) {

    /** Of a machine that has never heard of the cluster. */
    static Ledger empty() {
        return new Ledger(Optional.empty(), 0, Optional.empty(), false, Succession.NONE);
    }

    /** Who may be promoted. */
    Set<String> promotable() {
        return succession.members();
    }

    Ledger withSystem(String identifier, Succession next) {
        return new Ledger(Optional.of(identifier), term, elected, primary, next);
    }

    Ledger with(Succession next) {
        return new Ledger(system, term, elected, primary, next);
    }

    /** A term has begun. */
    Ledger begin(long newTerm, String member, boolean asPrimary) {
        return new Ledger(system, newTerm, Optional.of(member), asPrimary, succession);
    }

    /** The same, as the other machine takes it over. */
    Ledger takenOver() {
        return new Ledger(system, term, elected, false, succession);
    }
}
