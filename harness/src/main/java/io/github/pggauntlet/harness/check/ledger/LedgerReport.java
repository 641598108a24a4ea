package io.github.pggauntlet.harness.check.ledger;

import io.github.pggauntlet.harness.history.KeySet;

/**
 * What a ledger's history shows. An id can be of several classes.
 *
 * <p>A read is after another if it began when the other had ended.
 *
 * @param lost acknowledged, missing in an authoritative read that began afterwards, and in no authoritative one after that seen
 *     again
 * @param visibleThenLost seen by any read, missing in an authoritative one after it, and in no authoritative one after that
 *     seen again; also ids that were never acknowledged
 * @param resurrected missing in an authoritative read though acknowledged or seen by an authoritative one before it, and seen
 *     again by an authoritative one after that
 * @param failedButPresent failed, and seen
 * @param phantoms seen before anybody had begun to insert them, or never inserted
 * @param duplicates seen more than once in one read
 * @param stale acknowledged, and missing in a read that began afterwards and was not authoritative
 * @param stalest the longest time, in nanoseconds, between the acknowledgement of such an id and a read without it
 * @param unknownSurvived of unknown outcome, and seen by the last authoritative read
 * @param unknownLost of unknown outcome, and not seen by it
 * @param unread acknowledged, but not before an authoritative read began: whether they are there nobody knows
 */
public record LedgerReport(
        KeySet lost,
        KeySet visibleThenLost,
        KeySet resurrected,
        KeySet failedButPresent,
        KeySet phantoms,
        KeySet duplicates,
        KeySet stale,
        long stalest,
        KeySet unknownSurvived,
        KeySet unknownLost,
        KeySet unread) {

    /** Whether nothing acknowledged is missing and nothing is there that must not be. Staleness of standbys is no loss. */
    public boolean sound() {
        return lost.isEmpty()
                && visibleThenLost.isEmpty()
                && resurrected.isEmpty()
                && failedButPresent.isEmpty()
                && phantoms.isEmpty()
                && duplicates.isEmpty();
    }
}
