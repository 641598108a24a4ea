package io.github.pggauntlet.harness.check.primitive;

/**
 * Sorts indices by the keys they point to.
 *
 * <p>A merge sort that leaves runs alone which are in order already: O(n log n) at worst, and close to O(n) for what a
 * history holds, where times are nearly in order. Stable.
 */
public final class IndexSort {

    private static final int BLOCK = 24;

    private IndexSort() {}

    /** The numbers below {@code keys.length} in the order of their keys, equal keys in the order of the numbers. */
    public static int[] byKey(long[] keys) {
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        sort(order, keys);
        return order;
    }

    /** Brings indices into the order of the keys they point to; equal keys stay in the order they are in. */
    public static void sort(int[] indices, long[] keys) {
        int n = indices.length;
        for (int from = 0; from < n; from += BLOCK) {
            insertionSort(indices, keys, from, Math.min(n, from + BLOCK));
        }
        int[] source = indices;
        int[] spare = new int[n > BLOCK ? n : 0];
        for (int width = BLOCK; width < n && width > 0; width *= 2) {
            for (int from = 0; from < n; from += 2 * width) {
                int middle = Math.min(n, from + width);
                merge(source, spare, keys, from, middle, (int) Math.min(n, (long) middle + width));
            }
            int[] merged = spare;
            spare = source;
            source = merged;
        }
        if (source != indices) {
            for (int i = 0; i < n; i++) {
                indices[i] = source[i];
            }
        }
    }

    private static void insertionSort(int[] indices, long[] keys, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int moved = indices[i];
            long key = keys[moved];
            int at = i - 1;
            while (at >= from && keys[indices[at]] > key) {
                indices[at + 1] = indices[at];
                at--;
            }
            indices[at + 1] = moved;
        }
    }

    private static void merge(int[] source, int[] target, long[] keys, int from, int middle, int to) {
        int left = from;
        int right = middle;
        if (middle == to || keys[source[middle - 1]] <= keys[source[middle]]) {
            for (int at = from; at < to; at++) {
                target[at] = source[at];
            }
            return;
        }
        for (int at = from; at < to; at++) {
            boolean takeLeft = right == to || (left < middle && keys[source[left]] <= keys[source[right]]);
            target[at] = takeLeft ? source[left++] : source[right++];
        }
    }
}
