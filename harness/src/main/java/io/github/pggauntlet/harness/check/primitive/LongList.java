package io.github.pggauntlet.harness.check.primitive;

import java.util.Arrays;

/** A growing list of {@code long}s: no object for an element. Adding takes O(1) on average. Not safe for use by several threads. */
public final class LongList {

    private static final int SMALLEST = 16;

    private long[] elements;
    private int size;

    /** An empty list. */
    public LongList() {
        this.elements = new long[SMALLEST];
    }

    /** Adds an element at the end. */
    public void add(long element) {
        if (size == elements.length) {
            elements = Arrays.copyOf(elements, size + (size >> 1));
        }
        elements[size++] = element;
    }

    /**
     * The element at an index.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public long get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException("There is no element " + index + " of " + size + ".");
        }
        return elements[index];
    }

    /**
     * Replaces the element at an index.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public void set(int index, long element) {
        if (index >= size) {
            throw new IndexOutOfBoundsException("There is no element " + index + " of " + size + ".");
        }
        elements[index] = element;
    }

    /** The number of elements. */
    public int size() {
        return size;
    }

    /** Forgets all elements. */
    public void clear() {
        size = 0;
    }

    /** The elements in an array of their own. */
    public long[] toArray() {
        return Arrays.copyOf(elements, size);
    }
}
