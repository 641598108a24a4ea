package io.github.pggauntlet.harness.history;

import java.util.BitSet;
import java.util.stream.LongStream;

/**
 * An immutable set of keys.
 *
 * <p>Made for dense keys: a set takes one bit for each number up to its largest key (1 million keys: 125 kB), and the set
 * operations take one step for each 64 of them. Keys lie between 0 and {@value #LARGEST}.
 */
public final class KeySet {

    /** The largest key a set can hold. */
    public static final long LARGEST = Integer.MAX_VALUE - 1L;

    private static final KeySet EMPTY = new KeySet(new BitSet());

    private final BitSet bits;
    private final int size;

    private KeySet(BitSet owned) {
        this.bits = owned;
        this.size = owned.cardinality();
    }

    /** The set without any key. */
    public static KeySet empty() {
        return EMPTY;
    }

    /** The set of these keys. */
    public static KeySet of(long... keys) {
        Builder builder = new Builder();
        for (long key : keys) {
            builder.add(key);
        }
        return builder.build();
    }

    /** The set of {@code count} keys from {@code first} on. */
    public static KeySet range(long first, long count) {
        return new Builder().addRange(first, count).build();
    }

    /**
     * Reads what {@link #toString()} wrote, for example {@code 1-500,502}.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static KeySet parse(String text) {
        Builder builder = new Builder();
        int at = 0;
        long last = -1;
        while (at < text.length()) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            int dash = text.indexOf('-', at);
            long from;
            long to;
            try {
                from = Long.parseLong(text, at, dash < 0 || dash > end ? end : dash, 10);
                to = dash < 0 || dash > end ? from : Long.parseLong(text, dash + 1, end, 10);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "'" + text.substring(at, end) + "' is not a key or a run of keys such as 1-500.", e);
            }
            if (from <= last || to < from) {
                throw new IllegalArgumentException("The keys are not in order at '" + text.substring(at, end) + "'.");
            }
            builder.addRange(from, to - from + 1);
            last = to;
            at = end + 1;
        }
        if (text.endsWith(",")) {
            throw new IllegalArgumentException("The keys end with a comma.");
        }
        return builder.build();
    }

    /** Whether the set holds this key. */
    public boolean contains(long key) {
        return key >= 0 && key <= LARGEST && bits.get((int) key);
    }

    /** How many of the {@code count} keys from {@code first} on the set holds. */
    public int countIn(long first, int count) {
        int found = 0;
        for (long key = first; key < first + count; key++) {
            if (contains(key)) {
                found++;
            }
        }
        return found;
    }

    /** The number of keys. */
    public int size() {
        return size;
    }

    /** Whether there is no key. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The keys of this set that are also in the other one. */
    public KeySet and(KeySet other) {
        BitSet result = copy();
        result.and(other.bits);
        return new KeySet(result);
    }

    /** The keys of this set that are not in the other one. */
    public KeySet minus(KeySet other) {
        BitSet result = copy();
        result.andNot(other.bits);
        return new KeySet(result);
    }

    /** The keys of both sets. */
    public KeySet or(KeySet other) {
        BitSet result = copy();
        result.or(other.bits);
        return new KeySet(result);
    }

    /**
     * The keys {@code k} of {@code joints} for which this set holds exactly one of {@code k} and {@code k + 1}: where things
     * that belong together are torn apart.
     */
    public KeySet tornAt(KeySet joints) {
        long[] mine = bits.toLongArray();
        long[] tears = joints.bits.toLongArray();
        for (int i = 0; i < tears.length; i++) {
            long here = i < mine.length ? mine[i] : 0;
            long next = i + 1 < mine.length ? mine[i + 1] : 0;
            long shifted = here >>> 1 | next << (Long.SIZE - 1);
            tears[i] &= here ^ shifted;
        }
        return new KeySet(BitSet.valueOf(tears));
    }

    /** The keys in ascending order. */
    public LongStream stream() {
        return bits.stream().asLongStream();
    }

    private BitSet copy() {
        return (BitSet) bits.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeySet that && bits.equals(that.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    /** The keys as runs in ascending order, for example {@code 1-500,502}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int from = bits.nextSetBit(0); from >= 0; ) {
            int to = bits.nextClearBit(from);
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(from);
            if (to - from > 1) {
                text.append('-').append(to - 1);
            }
            from = bits.nextSetBit(to);
        }
        return text.toString();
    }

    /** Gathers keys. Not safe for use by several threads. */
    public static final class Builder {

        private final BitSet bits = new BitSet();

        /**
         * Adds a key.
         *
         * @throws IllegalArgumentException if a set cannot hold it
         */
        public Builder add(long key) {
            bits.set(index(key));
            return this;
        }

        /**
         * Adds {@code count} keys from {@code first} on.
         *
         * @throws IllegalArgumentException if a set cannot hold one of them
         */
        public Builder addRange(long first, long count) {
            if (count > 0) {
                bits.set(index(first), index(first + count - 1) + 1);
            }
            return this;
        }

        /** Adds all keys of a set. */
        public Builder addAll(KeySet keys) {
            bits.or(keys.bits);
            return this;
        }

        /** The set of the keys added so far. */
        public KeySet build() {
            return new KeySet((BitSet) bits.clone());
        }

        private static int index(long key) {
            if (key < 0 || key > LARGEST) {
                throw new IllegalArgumentException("A key lies between 0 and " + LARGEST + ", not at " + key + ".");
            }
            return (int) key;
        }
    }
}
