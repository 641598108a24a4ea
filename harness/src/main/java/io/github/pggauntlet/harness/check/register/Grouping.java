package io.github.pggauntlet.harness.check.register;

import java.util.function.IntUnaryOperator;

/** Operations by key, each key's in the order of the history. O(n + keys). */
final class Grouping {

    private final int[] end;
    private final int[] operation;

    Grouping(int operations, int keys, IntUnaryOperator key) {
        this.end = new int[keys + 1];
        for (int i = 0; i < operations; i++) {
            end[key.applyAsInt(i) + 1]++;
        }
        for (int i = 0; i < keys; i++) {
            end[i + 1] += end[i];
        }
        this.operation = new int[operations];
        // Each beginning moves to the end of its group, which is the beginning of the next.
        for (int i = 0; i < operations; i++) {
            operation[end[key.applyAsInt(i)]++] = i;
        }
    }

    int first(int key) {
        return key == 0 ? 0 : end[key - 1];
    }

    int end(int key) {
        return end[key];
    }

    int operation(int at) {
        return operation[at];
    }
}
