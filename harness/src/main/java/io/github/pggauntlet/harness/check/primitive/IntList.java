package io.github.pggauntlet.harness.check.primitive;

import java.util.Arrays;

/** A growing list of {@code int}s: no object for an element. Adding takes O(1) on average. Not safe for use by several threads. */
public final class IntList {

    private static final int SMALLEST = 16;

    private int[] elements;
    private int size;

    /** An empty list. */
    public IntList() {
        this.elements = new int[SMALLEST];
    }

    /** Adds an element at the end. */
    public void add(int element) {
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
    public int get(int index) {
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
    public void set(int index, int element) {
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
    public int[] toArray() {
        return Arrays.copyOf(elements, size);
    }
}
