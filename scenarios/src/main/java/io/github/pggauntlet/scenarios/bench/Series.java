package io.github.pggauntlet.scenarios.bench;

import java.util.List;

/**
 * Measurements of one thing, in the order in which they were made.
 *
 * @param values the measurements, at least one
 */
record Series(List<Double> values) {

    private static final double HALF = 0.5;

    Series {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A series holds at least one measurement.");
        }
    }

    int size() {
        return values.size();
    }

    double min() {
        return sorted().get(0);
    }

    double max() {
        return sorted().get(values.size() - 1);
    }

    /** The middle one; of an even number the mean of the two in the middle. */
    double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) * HALF;
    }

    /** The least measurement that at least the given share of all of them do not exceed. */
    double percentile(double share) {
        int rank = (int) Math.ceil(share * values.size());
        return sorted().get(Math.max(1, rank) - 1);
    }

    private List<Double> sorted() {
        return values.stream().sorted().toList();
    }
}
