package io.github.pggauntlet.harness.check.primitive;

import java.util.Arrays;

/**
 * A map from {@code long} to non-negative {@code int}, by open addressing: 12 bytes for each of at most twice as many places
 * as entries. Putting and getting take O(1) on average. Not safe for use by several threads.
 */
public final class LongIntMap {

    /** What {@link #get} returns when there is no entry. */
    public static final int NONE = -1;

    private static final int SMALLEST = 16;
    /** Spreads keys that follow one another: the golden ratio of 2 to the 64th. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[SMALLEST];
    private int[] values = filled(SMALLEST);
    private int size;

    private static int[] filled(int length) {
        int[] values = new int[length];
        Arrays.fill(values, NONE);
        return values;
    }

    /** The value of a key, or {@link #NONE}. */
    public int get(long key) {
        return values[place(key)];
    }

    /**
     * Adds an entry unless the key has one.
     *
     * @param value at least 0
     * @return the value the key had before, or {@link #NONE}
     */
    public int putIfAbsent(long key, int value) {
        int at = place(key);
        if (values[at] != NONE) {
            return values[at];
        }
        keys[at] = key;
        values[at] = value;
        size++;
        if (2L * size > keys.length) {
            grow();
        }
        return NONE;
    }

    /** The number of entries. */
    public int size() {
        return size;
    }

    /** Forgets all entries and keeps the room. O(room). */
    public void clear() {
        if (size > 0) {
            Arrays.fill(values, NONE);
            size = 0;
        }
    }

    private int place(long key) {
        int mask = keys.length - 1;
        int at = (int) ((key * SPREAD) >>> Integer.SIZE) & mask;
        while (values[at] != NONE && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = filled(keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != NONE) {
                int at = place(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
