package io.github.pggauntlet.scenarios.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The two sides of a benchmark, measured in turns: the n-th measurement of one side stands beside the n-th of the other.
 *
 * @param title what is measured
 * @param unit of the measurements
 * @param harness the harness's side
 * @param other the side it is held against
 * @param aside measured for information only
 */
record Comparison(String title, String unit, Side harness, Side other, Optional<Side> aside) {

    private static final int ENOUGH_FOR_P99 = 100;

    /**
     * One side.
     *
     * @param name what it is called
     * @param series its measurements
     */
    record Side(String name, Series series) {}

    /**
     * What is aimed at.
     *
     * @param what the aim in words
     * @param met whether it is met
     */
    record Aim(String what, boolean met) {}

    Comparison {
        if (harness.series().size() != other.series().size()) {
            throw new IllegalArgumentException("The two sides take turns and have as many measurements.");
        }
    }

    /** The harness's median by the other side's. */
    double ratio() {
        return harness.series().median() / other.series().median();
    }

    /** The ratio of each measurement to the one made next on the other side. */
    Series ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < harness.series().size(); i++) {
            ratios.add(
                    harness.series().values().get(i) / other.series().values().get(i));
        }
        return new Series(ratios);
    }

    void print(PrintWriter out, List<Aim> aims) {
        out.println();
        out.println(title);
        out.println(row("", "min", "median", "p99", "max", "n"));
        List<Side> sides = new ArrayList<>(List.of(harness, other));
        aside.ifPresent(sides::add);
        for (Side side : sides) {
            Series series = side.series();
            out.println(row(
                    side.name(),
                    number(series.min()),
                    number(series.median()),
                    number(series.percentile(0.99)),
                    number(series.max()),
                    Integer.toString(series.size())));
        }
        Series pairs = ratios();
        out.println(String.format(
                Locale.ROOT,
                "  ratio of the medians: %.2f   (of each pair: %.2f to %.2f)",
                ratio(),
                pairs.min(),
                pairs.max()));
        if (pairs.size() < ENOUGH_FOR_P99) {
            out.println("  (Of fewer than " + ENOUGH_FOR_P99 + " measurements the p99 is the greatest.)");
        }
        for (Aim aim : aims) {
            out.println("  aim: " + aim.what() + ": " + (aim.met() ? "met" : "missed"));
        }
        out.flush();
    }

    private String number(double value) {
        return String.format(Locale.ROOT, "%,.0f %s", value, unit).strip();
    }

    private static String row(String name, String... cells) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "  %-44s", name));
        for (String cell : cells) {
            row.append(String.format(Locale.ROOT, "%12s", cell));
        }
        return row.toString();
    }
}
