package io.github.pggauntlet.harness.check.ledger;

/**
 * What became of acknowledged inserts?
 *
 * <p>One sweep over time: inserts become due when they are acknowledged, reads are held against what is due when they begin,
 * and what they have seen counts when they have ended. All sets are bit sets: O(r · n / 64 + n) for n ids and r reads, and
 * O(n log n) to sort inserts that are out of order.
 *
 * <p>What cannot be known: an id that was acknowledged after the last authoritative read had begun; it is told as unread, for
 * it is the newest rows that a failover loses. And whether a row that is lost would have come back had one read once more.
 */
public final class LedgerChecker {

    /** A checker. */
    public LedgerChecker() {}

    /** Checks a history. */
    public LedgerReport check(LedgerHistory history) {
        return new LedgerSweep(history).run();
    }
}
