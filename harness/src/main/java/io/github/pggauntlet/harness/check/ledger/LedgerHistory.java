package io.github.pggauntlet.harness.check.ledger;

import io.github.pggauntlet.harness.check.primitive.ByteList;
import io.github.pggauntlet.harness.check.primitive.LongList;
import io.github.pggauntlet.harness.check.primitive.OutcomeCode;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Inserts of rows with the ids 0, 1, 2, …, and reads of all rows. Immutable; 17 bytes for an insert, and a bit for an id in each
 * read.
 */
public final class LedgerHistory {

    private final long[] invoked;
    private final long[] completed;
    private final byte[] outcome;
    private final List<Read> reads;

    private LedgerHistory(Builder builder) {
        this.invoked = builder.invoked.toArray();
        this.completed = builder.completed.toArray();
        this.outcome = builder.outcome.toArray();
        this.reads = List.copyOf(builder.reads);
    }

    /** Begins a history. */
    public static Builder builder() {
        return new Builder();
    }

    /** The number of inserts. */
    public int size() {
        return invoked.length;
    }

    long invoked(int id) {
        return invoked[id];
    }

    long completed(int id) {
        return completed[id];
    }

    Outcome outcome(int id) {
        return OutcomeCode.outcome(outcome[id]);
    }

    long[] invocations() {
        return invoked;
    }

    long[] completions() {
        return completed;
    }

    List<Read> reads() {
        return reads;
    }

    /** All rows that one server had at one instant. */
    static final class Read {

        private final String node;
        private final boolean authoritative;
        private final long invoked;
        private final long completed;
        private final long[] present;
        private final long[] twice;

        private Read(String node, boolean authoritative, long invoked, long completed, long[] present, long[] twice) {
            this.node = node;
            this.authoritative = authoritative;
            this.invoked = invoked;
            this.completed = completed;
            this.present = present.clone();
            this.twice = twice.clone();
        }

        String node() {
            return node;
        }

        boolean authoritative() {
            return authoritative;
        }

        long invoked() {
            return invoked;
        }

        long completed() {
            return completed;
        }

        /** The ids from {@code 64 * word} to {@code 64 * word + 63} that were there, as bits. */
        long word(int word) {
            return word < present.length ? present[word] : 0;
        }

        int words() {
            return present.length;
        }

        /** The ids that were there more than once. */
        long[] twice() {
            return twice;
        }
    }

    /** Takes in inserts and reads. Not safe for use by several threads. */
    public static final class Builder {

        private static final long[] NONE = {};

        private final LongList invoked = new LongList();
        private final LongList completed = new LongList();
        private final ByteList outcome = new ByteList();
        private final List<Read> reads = new ArrayList<>();

        private Builder() {}

        /** The insert of the next id. Times are nanoseconds. */
        public Builder insert(long itsInvoked, long itsCompleted, Outcome itsOutcome) {
            if (itsCompleted < itsInvoked) {
                throw new IllegalArgumentException("Insert " + invoked.size() + " ends before it begins.");
            }
            invoked.add(itsInvoked);
            completed.add(itsCompleted);
            outcome.add(OutcomeCode.of(itsOutcome));
            return this;
        }

        /**
         * A read.
         *
         * @param node the server that was read
         * @param authoritative whether it was the primary and proved it, so that what it does not have is missing; a standby may
         *     lag behind
         * @param present the ids that were there, as a bit set: id i is bit i mod 64 of word i / 64
         * @param twice those of them that were there more than once
         */
        public Builder read(
                String node, boolean authoritative, long itsInvoked, long itsCompleted, long[] present, long... twice) {
            if (itsCompleted < itsInvoked) {
                throw new IllegalArgumentException("Read " + reads.size() + " ends before it begins.");
            }
            reads.add(new Read(node, authoritative, itsInvoked, itsCompleted, present, twice));
            return this;
        }

        /** A read in which no id was there twice. */
        public Builder read(String node, boolean authoritative, long itsInvoked, long itsCompleted, long[] present) {
            return read(node, authoritative, itsInvoked, itsCompleted, present, NONE);
        }

        /** The history. */
        public LedgerHistory build() {
            return new LedgerHistory(this);
        }
    }
}
