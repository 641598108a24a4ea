package io.github.pggauntlet.harness.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers that checkers find on their way. Each checker measures its own and leaves the others at zero or empty.
 *
 * @param lost the number of acknowledged writes lost
 * @param writersMax the greatest number of members that certainly acknowledged writes at the same time
 * @param rejoins how many members came back, by the way they took
 * @param outages the outage of each failover, in order
 */
public record Measures(long lost, int writersMax, SortedMap<String, Integer> rejoins, List<Outage> outages) {

    /** Nothing measured. */
    public static final Measures NONE = new Measures(0, 0, Collections.emptySortedMap(), List.of());

    public Measures {
        rejoins = Collections.unmodifiableSortedMap(new TreeMap<>(rejoins));
        outages = List.copyOf(outages);
    }

    /** Only a number of lost writes. */
    public static Measures lost(long lost) {
        return new Measures(lost, 0, NONE.rejoins, NONE.outages);
    }

    /** Only a number of writers. */
    public static Measures writers(int writersMax) {
        return new Measures(0, writersMax, NONE.rejoins, NONE.outages);
    }

    /** Only rejoins. */
    public static Measures rejoins(SortedMap<String, Integer> rejoins) {
        return new Measures(0, 0, rejoins, NONE.outages);
    }

    /** Only outages. */
    public static Measures outages(List<Outage> outages) {
        return new Measures(0, 0, NONE.rejoins, outages);
    }

    /** What two checkers have measured. */
    public Measures and(Measures other) {
        SortedMap<String, Integer> ways = new TreeMap<>(rejoins);
        other.rejoins.forEach((way, count) -> ways.merge(way, count, Integer::sum));
        List<Outage> all = new ArrayList<>(outages);
        all.addAll(other.outages);
        return new Measures(lost + other.lost, Math.max(writersMax, other.writersMax), ways, all);
    }
}
