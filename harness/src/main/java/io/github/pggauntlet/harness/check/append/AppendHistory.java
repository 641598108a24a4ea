package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.primitive.ByteList;
import io.github.pggauntlet.harness.check.primitive.IndexSort;
import io.github.pggauntlet.harness.check.primitive.IntList;
import io.github.pggauntlet.harness.check.primitive.LongList;
import io.github.pggauntlet.harness.check.primitive.OutcomeCode;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.Arrays;

/**
 * What transactions over lists did: appends of unique values, each with its place in the list where that is known, and reads
 * of whole lists. Immutable, in columns: 25 bytes for a transaction and 12 for an operation.
 *
 * <p>Of each list only the longest read is kept; the others need only agree with it and are kept as their length. Keys are
 * dense numbers from 0 on, transactions are numbered in the order in which they were added.
 */
public final class AppendHistory {

    /** The place of an append that is not known: its outcome is not either, or the client was not told. */
    public static final int UNPLACED = -1;

    /** What stands instead of a place where the operation is a read. */
    static final int READ = -2;

    private final int[] session;
    private final long[] invoked;
    private final long[] completed;
    private final byte[] outcome;
    private final int[] operationEnd;
    private final int[] operationKey;
    private final int[] operationValue;
    private final int[] operationPlace;
    private final Lists lists;
    private final Findings contradictions;

    private AppendHistory(Builder builder) {
        this.session = builder.session.toArray();
        this.invoked = builder.invoked.toArray();
        this.completed = builder.completed.toArray();
        this.outcome = builder.outcome.toArray();
        this.operationEnd = builder.operationEnd.toArray();
        this.operationKey = builder.operationKey.toArray();
        this.operationValue = builder.operationValue.toArray();
        this.operationPlace = builder.operationPlace.toArray();
        this.lists = builder.lists;
        this.contradictions = builder.contradictions;
    }

    /** Begins a history. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of transactions. */
    public int size() {
        return session.length;
    }

    /** The number of operations that are kept: reads that say nothing but what their transaction wrote itself are not. */
    public int operations() {
        return operationKey.length;
    }

    int session(int transaction) {
        return session[transaction];
    }

    long invoked(int transaction) {
        return invoked[transaction];
    }

    long completed(int transaction) {
        return completed[transaction];
    }

    /** The transactions in the order in which they were begun. */
    int[] byInvocation() {
        return IndexSort.byKey(invoked);
    }

    /** The acknowledged transactions in the order of their acknowledgement. */
    int[] byAcknowledgement() {
        int count = 0;
        for (byte each : outcome) {
            count += each == OutcomeCode.ACKNOWLEDGED ? 1 : 0;
        }
        int[] those = new int[count];
        int next = 0;
        for (int i = 0; i < outcome.length; i++) {
            if (acknowledged(i)) {
                those[next++] = i;
            }
        }
        IndexSort.sort(those, completed);
        return those;
    }

    Outcome outcome(int transaction) {
        return OutcomeCode.outcome(outcome[transaction]);
    }

    boolean acknowledged(int transaction) {
        return outcome[transaction] == OutcomeCode.ACKNOWLEDGED;
    }

    int firstOperation(int transaction) {
        return transaction == 0 ? 0 : operationEnd[transaction - 1];
    }

    int endOfOperations(int transaction) {
        return operationEnd[transaction];
    }

    /** The transaction an operation belongs to. O(log n). */
    int transactionOf(int operation) {
        int found = Arrays.binarySearch(operationEnd, operation + 1);
        int at = found >= 0 ? found : -found - 1;
        while (at > 0 && operationEnd[at - 1] > operation) {
            at--;
        }
        return at;
    }

    boolean isAppend(int operation) {
        return operationPlace[operation] != READ;
    }

    int key(int operation) {
        return operationKey[operation];
    }

    /** The value an append appends, or the length of the list a read saw. */
    int value(int operation) {
        return operationValue[operation];
    }

    /** The places of all appends; the array is the caller's own. */
    int[] places() {
        return operationPlace.clone();
    }

    Lists lists() {
        return lists;
    }

    Findings contradictions() {
        return contradictions;
    }

    /** The longest read of each list. */
    static final class Lists {

        private int[][] longest = new int[16][];
        private int[] reader = new int[16];
        private int keys;

        private void include(int key) {
            if (key < 0) {
                throw new IllegalArgumentException("Keys are numbers from 0 on, not " + key + ".");
            }
            if (key >= longest.length) {
                int room = Math.max(key + 1, longest.length * 2);
                longest = Arrays.copyOf(longest, room);
                reader = Arrays.copyOf(reader, room);
            }
            for (; keys <= key; keys++) {
                longest[keys] = new int[0];
                reader[keys] = -1;
            }
        }

        /** The number of keys. */
        int keys() {
            return keys;
        }

        int length(int key) {
            return longest[key].length;
        }

        int value(int key, int place) {
            return longest[key][place];
        }

        /** The transaction that read the list at its longest; -1 if nobody read it. */
        int reader(int key) {
            return reader[key];
        }
    }

    /** Takes in transactions one after another. Not safe for use by several threads. */
    public static final class Builder {

        private final IntList session = new IntList();
        private final LongList invoked = new LongList();
        private final LongList completed = new LongList();
        private final ByteList outcome = new ByteList();
        private final IntList operationEnd = new IntList();
        private final IntList operationKey = new IntList();
        private final IntList operationValue = new IntList();
        private final IntList operationPlace = new IntList();
        private final Lists lists = new Lists();
        private final Findings contradictions = new Findings();
        private boolean open;
        private boolean acknowledged;
        private int first;

        private Builder() {}

        /**
         * Begins a transaction.
         *
         * @param session the number of the client's session
         * @param invokedAt when its first statement was sent
         * @param completedAt when its outcome was known; of no meaning if it never was
         * @param itsOutcome what the client knows of it
         * @throws IllegalStateException if the one before has not been ended
         */
        public Builder begin(int session, long invokedAt, long completedAt, Outcome itsOutcome) {
            if (open) {
                throw new IllegalStateException("The transaction before this one has not been ended.");
            }
            if (completedAt < invokedAt) {
                throw new IllegalArgumentException("Transaction " + this.session.size() + " ends before it begins.");
            }
            this.session.add(session);
            invoked.add(invokedAt);
            completed.add(completedAt);
            outcome.add(OutcomeCode.of(itsOutcome));
            acknowledged = itsOutcome == Outcome.ACKNOWLEDGED;
            first = operationKey.size();
            open = true;
            return this;
        }

        /**
         * An append.
         *
         * @param key the list
         * @param value unique among all that is ever appended to this list
         * @param place the index of the value in the list, as the append returned it; {@link #UNPLACED} if it is not known.
         *     Only that of an acknowledged transaction is believed
         */
        public Builder append(int key, int value, int place) {
            requireOpen();
            lists.include(key);
            operation(key, value, acknowledged && place >= 0 ? place : UNPLACED);
            return this;
        }

        /**
         * A read of a whole list. That of a transaction which was not acknowledged proves nothing and is left out. O(length).
         *
         * @param key the list
         * @param values its elements; empty if there is no such list
         */
        public Builder read(int key, int... values) {
            requireOpen();
            lists.include(key);
            if (acknowledged) {
                boolean ownVersion = lookAtOwnAppends(key, values);
                if (agrees(key, values) && !ownVersion) {
                    operation(key, values.length, READ);
                }
            }
            return this;
        }

        /** Ends the transaction. */
        public Builder end() {
            requireOpen();
            operationEnd.add(operationKey.size());
            open = false;
            return this;
        }

        /**
         * The history. The builder must not be used any more.
         *
         * @throws IllegalStateException if a transaction has not been ended
         */
        public AppendHistory build() {
            if (open) {
                throw new IllegalStateException("The last transaction has not been ended.");
            }
            return new AppendHistory(this);
        }

        private void requireOpen() {
            if (!open) {
                throw new IllegalStateException("An operation belongs to a transaction; begin one first.");
            }
        }

        private void operation(int key, int value, int place) {
            operationKey.add(key);
            operationValue.add(value);
            operationPlace.add(place);
        }

        /** Whether the list ends with what the transaction itself appended last. */
        private boolean lookAtOwnAppends(int key, int[] values) {
            boolean ownVersion = false;
            for (int i = first; i < operationKey.size(); i++) {
                if (operationKey.get(i) == key && operationPlace.get(i) != READ) {
                    int at = find(values, operationValue.get(i));
                    ownVersion = at >= 0 && at == values.length - 1;
                    if (at < 0) {
                        int own = operationValue.get(i);
                        contradictions.direct(
                                Kind.INTERNAL,
                                () -> "T" + current() + " appended " + own + " to key " + key
                                        + " and did not find it when it read the list afterwards");
                    }
                }
            }
            return ownVersion;
        }

        private static int find(int[] values, int value) {
            for (int i = values.length - 1; i >= 0; i--) {
                if (values[i] == value) {
                    return i;
                }
            }
            return -1;
        }

        /** Whether a read agrees with the longest; keeps the longer of both. What does not agree says nothing of the order. */
        private boolean agrees(int key, int[] values) {
            int[] known = lists.longest[key];
            int shared = Math.min(known.length, values.length);
            int differs = Arrays.mismatch(known, 0, shared, values, 0, shared);
            if (differs >= 0) {
                contradictions.direct(
                        Kind.INCOMPATIBLE_ORDER,
                        () -> "T" + lists.reader[key] + " read " + known[differs] + " at place " + differs + " of key "
                                + key + ", and T" + current() + " read " + values[differs] + " there");
            } else if (values.length > known.length) {
                lists.longest[key] = values.clone();
                lists.reader[key] = current();
            }
            return differs < 0;
        }

        private int current() {
            return session.size() - 1;
        }
    }
}
