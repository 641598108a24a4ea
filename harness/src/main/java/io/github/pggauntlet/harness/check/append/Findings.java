package io.github.pggauntlet.harness.check.append;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Gathers anomalies: counts all, and keeps the first few of each kind. Not safe for use by several threads. */
final class Findings {

    private static final int MOST_EXAMPLES = 10;

    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private final List<Anomaly> examples = new ArrayList<>();

    void direct(Kind kind, Supplier<String> sentence) {
        if (count(kind) < MOST_EXAMPLES) {
            examples.add(Anomaly.direct(kind, sentence.get()));
        }
        counts.merge(kind, 1, Integer::sum);
    }

    void add(Anomaly anomaly) {
        if (count(anomaly.kind()) < MOST_EXAMPLES) {
            examples.add(anomaly);
        }
        counts.merge(anomaly.kind(), 1, Integer::sum);
    }

    void addAll(Findings other) {
        other.counts.forEach((kind, count) -> counts.merge(kind, count, Integer::sum));
        examples.addAll(other.examples);
    }

    int count(Kind kind) {
        return counts.getOrDefault(kind, 0);
    }

    Map<Kind, Integer> counts() {
        return counts;
    }

    List<Anomaly> examples() {
        return examples;
    }
}
