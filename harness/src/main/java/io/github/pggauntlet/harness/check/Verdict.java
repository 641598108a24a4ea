package io.github.pggauntlet.harness.check;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be said of a run. The content of {@code verdict.json}.
 *
 * <p>A write is one transaction, of one row or several; writes of clients and of probes are counted alike.
 *
 * @param verdict the rulings on all promises together
 * @param promises the finding on each promise
 * @param acknowledged the number of acknowledged writes
 * @param unknown the number of writes of unknown outcome
 * @param failed the number of failed writes
 * @param lost the number of acknowledged writes of which at least one row is missing in a read that had to show it
 * @param failovers how often acknowledged writes moved to a new timeline
 * @param rejoins how many members came back, by the way they took
 * @param writersMax the greatest number of members that certainly acknowledged writes at the same time
 * @param outages the outage of each failover, in order
 * @param run what was run
 */
public record Verdict(
        Ruling verdict,
        List<Finding> promises,
        long acknowledged,
        long unknown,
        long failed,
        long lost,
        int failovers,
        SortedMap<String, Integer> rejoins,
        int writersMax,
        List<Outage> outages,
        RunFacts run) {

    public Verdict {
        promises = List.copyOf(promises);
        rejoins = Collections.unmodifiableSortedMap(new TreeMap<>(rejoins));
        outages = List.copyOf(outages);
    }

    /**
     * What was run.
     *
     * @param seed the seed of all that was drawn by lot
     * @param strategy the strategy's name
     * @param scenario the scenario's name
     * @param versions the version of each part, by its name
     */
    public record RunFacts(long seed, String strategy, String scenario, SortedMap<String, String> versions) {
        public RunFacts {
            versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
        }

        /** The same from any map. */
        public static RunFacts of(long seed, String strategy, String scenario, Map<String, String> versions) {
            return new RunFacts(seed, strategy, scenario, new TreeMap<>(versions));
        }
    }

    /**
     * The smallest outage that at least {@code share} of the outages do not exceed (nearest rank), in milliseconds.
     *
     * @param share between 0 (not included) and 1
     * @return nothing if there was no outage
     */
    public OptionalDouble outageMillis(double share) {
        double[] sorted = outages.stream().mapToDouble(Outage::millis).sorted().toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return OptionalDouble.of(sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]);
    }
}
