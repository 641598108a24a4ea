package io.github.pggauntlet.harness.workload;

import java.util.SplittableRandom;

/**
 * Which lists transactions use, and what they append. A few lists are in use at a time, so that transactions meet; each is left
 * after a number of appends, so that lists stay short. Safe for use by several threads.
 */
final class ListKeys {

    private static final int IN_USE = 4;
    private static final int LONGEST = 40;

    private final int[] keys = new int[IN_USE];
    private final int[] uses = new int[IN_USE];
    private int nextKey;
    private int nextValue;

    ListKeys() {
        for (int i = 0; i < IN_USE; i++) {
            keys[i] = nextKey++;
        }
    }

    /** A list to read or to append to. */
    synchronized int draw(SplittableRandom random) {
        int at = random.nextInt(IN_USE);
        uses[at]++;
        if (uses[at] > LONGEST) {
            keys[at] = nextKey++;
            uses[at] = 1;
        }
        return keys[at];
    }

    /** A value that nobody has appended. */
    synchronized int value() {
        return ++nextValue;
    }
}
