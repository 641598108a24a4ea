package io.github.pggauntlet.harness.check.session;

import java.util.List;

/**
 * Which guarantees of sessions did not hold. Each list has a sentence for each breach.
 *
 * @param ownWrites a session did not read what it had written before
 * @param monotonicReads a session did not read again what it had read before, be it on another server
 * @param prefixes one server, within a timeline, did not show again what it had shown before, or showed two states of which
 *     neither contains the other
 * @param forks two servers, within a timeline, showed states of which neither contains the other: a long fork
 */
public record SessionReport(
        List<String> ownWrites, List<String> monotonicReads, List<String> prefixes, List<String> forks) {

    public SessionReport {
        ownWrites = List.copyOf(ownWrites);
        monotonicReads = List.copyOf(monotonicReads);
        prefixes = List.copyOf(prefixes);
        forks = List.copyOf(forks);
    }
}
