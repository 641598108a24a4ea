package io.github.pggauntlet.harness.check.append;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with a history.
 *
 * @param kind what
 * @param order the weakest order with which it is an anomaly
 * @param sentence what was seen
 * @param cycle the steps in order, each beginning where the one before it ends and the last ending where the first begins;
 *     empty unless the kind is a cycle
 */
public record Anomaly(Kind kind, Order order, String sentence, List<Step> cycle) {

    public Anomaly {
        cycle = List.copyOf(cycle);
    }

    /**
     * One transaction must have come before another.
     *
     * @param from the number of the transaction that came before
     * @param to the number of the other one
     * @param because why, as a clause
     */
    public record Step(int from, int to, String because) {
        @Override
        public String toString() {
            return "T" + from + " before T" + to + " because " + because;
        }
    }

    static Anomaly direct(Kind kind, String sentence) {
        return new Anomaly(kind, Order.NONE, sentence, List.of());
    }

    static Anomaly cycle(Kind kind, Order order, List<Step> steps) {
        String sentence = steps.stream().map(Step::toString).collect(Collectors.joining("; "));
        return new Anomaly(kind, order, sentence, steps);
    }

    @Override
    public String toString() {
        String with =
                order == Order.NONE ? "" : order == Order.SESSION ? " with session order" : " with real-time order";
        return kind.title() + with + ": " + sentence + (cycle.isEmpty() ? "" : ": a cycle") + ".";
    }
}
