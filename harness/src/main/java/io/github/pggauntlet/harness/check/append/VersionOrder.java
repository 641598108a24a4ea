package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.primitive.IntList;
import io.github.pggauntlet.harness.check.primitive.LongIntMap;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.Arrays;

/**
 * Who wrote which place of which list.
 *
 * <p>Known from the places that acknowledged appends returned, and from the longest read of each list. A place can remain a
 * hole: its value was appended by a transaction of unknown outcome and never read. An append can remain at large: it
 * happened, since its transaction's other appends were seen, but nobody knows where. O(n) for n operations.
 */
final class VersionOrder {

    /** No writer is known for the place, nor for any after it. */
    private static final int NOBODY_AFTER = Integer.MIN_VALUE;

    private final AppendHistory history;
    private final AppendHistory.Lists lists;
    private final Findings findings;
    /** The place of each append; found places are added to those that were returned. */
    private final int[] place;
    /** Where the places of each key begin in {@link #writer}; one more at the end. */
    private final int[] base;
    /** The transaction that wrote a place; for a hole the complement of the next one that is known. */
    private final int[] writer;

    private final boolean[] alive;
    private final int[] appends;
    /** The operations that append and returned no place, those of failed transactions among them. */
    private final IntList unplaced = new IntList();

    private final IntList atLarge = new IntList();
    private boolean total = true;

    VersionOrder(AppendHistory history, Findings findings) {
        this.history = history;
        this.lists = history.lists();
        this.findings = findings;
        this.place = history.places();
        this.alive = new boolean[history.size()];
        this.appends = new int[lists.keys()];
        this.base = layOut();
        this.writer = new int[base[base.length - 1]];
        Arrays.fill(writer, NOBODY_AFTER);
        claimReturnedPlaces();
        claimReadPlaces();
        for (int transaction = 0; transaction < alive.length; transaction++) {
            alive[transaction] |= history.acknowledged(transaction);
        }
        fillSingleHoles();
        findAppendsAtLarge();
        lookBeyondHoles();
    }

    /** Whether the transaction took place: it was acknowledged, or something it appended was read. */
    boolean alive(int transaction) {
        return alive[transaction];
    }

    /** The place of an append, or {@link AppendHistory#UNPLACED}. */
    int place(int operation) {
        return place[operation];
    }

    /** How many places of the list are known of, holes among them. */
    int length(int key) {
        return base[key + 1] - base[key];
    }

    /** The transaction that wrote a place, or a negative number. */
    int writer(int key, int at) {
        return writer[base[key] + at];
    }

    /** The first known writer from a place on; a negative number if there is none. */
    int writerFrom(int key, int at) {
        if (at >= length(key)) {
            return -1;
        }
        int found = writer(key, at);
        return found >= 0 || found == NOBODY_AFTER ? found : ~found;
    }

    /** The operations that happened at a place nobody knows: after all that was read. */
    IntList atLarge() {
        return atLarge;
    }

    /** Whether the order of versions of every list is known to the last. */
    boolean total() {
        return total;
    }

    /** The first hole of a list, or its length. */
    int firstHole(int key) {
        for (int at = 0; at < length(key); at++) {
            if (writer(key, at) < 0) {
                return at;
            }
        }
        return length(key);
    }

    private int[] layOut() {
        int keys = lists.keys();
        for (int operation = 0; operation < place.length; operation++) {
            if (history.isAppend(operation)) {
                appends[history.key(operation)]++;
            }
        }
        int[] length = new int[keys];
        for (int key = 0; key < keys; key++) {
            length[key] = lists.length(key);
        }
        for (int operation = 0; operation < place.length; operation++) {
            int key = history.key(operation);
            if (place[operation] >= appends[key]) {
                int at = place[operation];
                findings.direct(
                        Kind.PHANTOM,
                        () -> "key " + key + " was said to have " + at
                                + " values before one was appended, which is more" + " than were ever appended to it");
                place[operation] = AppendHistory.UNPLACED;
            } else if (place[operation] >= length[key]) {
                length[key] = place[operation] + 1;
            }
        }
        int[] begins = new int[keys + 1];
        for (int key = 0; key < keys; key++) {
            begins[key + 1] = Math.addExact(begins[key], length[key]);
        }
        return begins;
    }

    private void claimReturnedPlaces() {
        for (int transaction = 0; transaction < history.size(); transaction++) {
            for (int operation = history.firstOperation(transaction);
                    operation < history.endOfOperations(transaction);
                    operation++) {
                if (place[operation] >= 0) {
                    claim(transaction, operation);
                } else if (history.isAppend(operation)) {
                    unplaced.add(operation);
                }
            }
        }
    }

    private void claim(int transaction, int operation) {
        int key = history.key(operation);
        int at = place[operation];
        int value = history.value(operation);
        int before = writer(key, at);
        if (at < lists.length(key) && lists.value(key, at) != value) {
            findings.direct(
                    Kind.LOST_APPEND,
                    () -> "T" + transaction + " appended " + value + " to key " + key + " at place " + at + ", where T"
                            + lists.reader(key) + " read " + lists.value(key, at));
            place[operation] = AppendHistory.UNPLACED;
        } else if (before >= 0) {
            findings.direct(
                    Kind.LOST_APPEND,
                    () -> "T" + before + " and T" + transaction + " both appended to key " + key + " at place " + at);
            place[operation] = AppendHistory.UNPLACED;
        } else {
            writer[base[key] + at] = transaction;
        }
    }

    /** Finds the appends whose places are only known from reads. */
    private void claimReadPlaces() {
        LongIntMap byValue = new LongIntMap();
        for (int i = 0; i < unplaced.size(); i++) {
            int operation = unplaced.get(i);
            byValue.putIfAbsent(pair(history.key(operation), history.value(operation)), operation);
        }
        for (int key = 0; key < lists.keys(); key++) {
            for (int at = 0; at < lists.length(key); at++) {
                if (writer(key, at) < 0) {
                    claimReadPlace(byValue, key, at);
                }
            }
        }
    }

    private void claimReadPlace(LongIntMap byValue, int key, int at) {
        int value = lists.value(key, at);
        int operation = byValue.get(pair(key, value));
        if (operation == LongIntMap.NONE) {
            boolean twice = isElsewhere(key, at, value);
            findings.direct(
                    twice ? Kind.DUPLICATE : Kind.PHANTOM,
                    () -> "T" + lists.reader(key) + " read " + value + " at place " + at + " of key " + key
                            + (twice ? ", where it already is at another place" : ", which nobody appended"));
        } else if (place[operation] >= 0) {
            findings.direct(
                    Kind.DUPLICATE,
                    () -> "T" + lists.reader(key) + " read " + value + " at the places " + place[operation] + " and "
                            + at + " of key " + key);
        } else {
            int transaction = history.transactionOf(operation);
            if (history.outcome(transaction) == Outcome.FAILED) {
                findings.direct(
                        Kind.G1A,
                        () -> "T" + lists.reader(key) + " read " + value + " from key " + key + ", which T"
                                + transaction + " appended, and T" + transaction + " failed");
            }
            place[operation] = at;
            writer[base[key] + at] = transaction;
            alive[transaction] = true;
        }
    }

    private boolean isElsewhere(int key, int at, int value) {
        for (int other = 0; other < lists.length(key); other++) {
            if (other != at && lists.value(key, other) == value) {
                return true;
            }
        }
        return false;
    }

    /** A hole that only one append can fill was filled by it; one that none can fill was filled by nobody we know. */
    private void fillSingleHoles() {
        int[] holes = new int[lists.keys()];
        for (int key = 0; key < holes.length; key++) {
            for (int at = lists.length(key); at < length(key); at++) {
                holes[key] += writer(key, at) < 0 ? 1 : 0;
            }
        }
        int[] candidates = new int[holes.length];
        int[] candidate = new int[holes.length];
        for (int i = 0; i < unplaced.size(); i++) {
            int operation = unplaced.get(i);
            int key = history.key(operation);
            if (holes[key] > 0
                    && place[operation] < 0
                    && history.outcome(history.transactionOf(operation)) != Outcome.FAILED) {
                candidates[key]++;
                candidate[key] = operation;
            }
        }
        for (int key = 0; key < holes.length; key++) {
            if (holes[key] > candidates[key]) {
                int on = key;
                int missing = holes[key] - candidates[key];
                findings.direct(
                        Kind.PHANTOM,
                        () -> "key " + on + " has " + missing + " more places than were filled by any known append");
            } else if (holes[key] == 1 && candidates[key] == 1) {
                int at = firstHole(key);
                int transaction = history.transactionOf(candidate[key]);
                place[candidate[key]] = at;
                writer[base[key] + at] = transaction;
                alive[transaction] = true;
            } else if (holes[key] > 0) {
                total = false;
            }
        }
    }

    private void findAppendsAtLarge() {
        int[] count = new int[lists.keys()];
        for (int i = 0; i < unplaced.size(); i++) {
            int operation = unplaced.get(i);
            if (place[operation] < 0 && alive[history.transactionOf(operation)]) {
                atLarge.add(operation);
                int key = history.key(operation);
                count[key]++;
                total &= count[key] == 1 && firstHole(key) == length(key);
            }
        }
    }

    private void lookBeyondHoles() {
        for (int key = 0; key < lists.keys(); key++) {
            int next = NOBODY_AFTER;
            for (int at = base[key + 1] - 1; at >= base[key]; at--) {
                if (writer[at] >= 0) {
                    next = ~writer[at];
                } else {
                    writer[at] = next;
                }
            }
        }
    }

    private static long pair(int key, int value) {
        return ((long) key << Integer.SIZE) | (value & 0xFFFF_FFFFL);
    }
}
