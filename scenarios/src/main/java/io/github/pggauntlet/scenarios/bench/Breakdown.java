package io.github.pggauntlet.scenarios.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where time goes: the same steps, measured several times. For use by one thread. */
final class Breakdown {

    private final Map<String, List<Double>> steps = new LinkedHashMap<>();

    /** One more measurement of each step, in milliseconds, in the order in which the steps pass. */
    void add(Map<String, Double> measured) {
        measured.forEach((step, millis) ->
                steps.computeIfAbsent(step, unused -> new ArrayList<>()).add(millis));
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Prints the medians. */
    void print(PrintWriter out, String title) {
        out.println();
        out.println("  " + title);
        steps.forEach((step, millis) -> {
            Series series = new Series(millis);
            out.println(String.format(
                    Locale.ROOT,
                    "    %8.0f ms   (%.0f to %.0f)   %s",
                    series.median(),
                    series.min(),
                    series.max(),
                    step));
        });
        out.flush();
    }
}
