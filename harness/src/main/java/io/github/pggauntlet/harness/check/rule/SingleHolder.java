package io.github.pggauntlet.harness.check.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Did never more than one hold at the same time what only one may hold?
 *
 * <p>A sweep over the beginnings in order: O(n log n + n · h) for n holdings of h holders, which are a handful. For each
 * holding that another one of another holder reaches into, the breach names the one that lasts longest. Sound as far as all times
 * come from one clock.
 */
public final class SingleHolder {

    private final String rule;

    /**
     * @param rule the name under which breaches are told, for example {@code one virtual address}
     */
    public SingleHolder(String rule) {
        this.rule = rule;
    }

    /** The breaches, in the order of the later holding's beginning. */
    public List<Breach> check(List<Holding> holdings) {
        List<Holding> sorted = holdings.stream()
                .sorted(Comparator.comparingLong(Holding::from).thenComparing(Holding::holder))
                .toList();
        Map<String, Holding> longest = new HashMap<>();
        List<Breach> breaches = new ArrayList<>();
        for (Holding holding : sorted) {
            Optional<Holding> other = longest.values().stream()
                    .filter(holding::clashesWith)
                    .max(Comparator.comparingLong(Holding::to).thenComparing(Holding::holder));
            other.ifPresent(earlier -> breaches.add(new Breach(
                    rule,
                    earlier.holder() + " held it from " + Times.seconds(earlier.from()) + " to "
                            + Times.seconds(earlier.to()) + ", and " + holding.holder() + " from "
                            + Times.seconds(holding.from()) + " to " + Times.seconds(holding.to()))));
            longest.merge(holding.holder(), holding, (one, next) -> one.to() >= next.to() ? one : next);
        }
        return breaches;
    }

    /** The greatest number of holders at the same time. O(n log n). */
    public int mostAtOnce(List<Holding> holdings) {
        record Edge(long at, int change, String holder) {}
        List<Edge> edges = new ArrayList<>();
        for (Holding holding : holdings) {
            edges.add(new Edge(holding.from(), 1, holding.holder()));
            edges.add(new Edge(holding.to(), -1, holding.holder()));
        }
        edges.sort(Comparator.comparingLong(Edge::at).thenComparingInt(Edge::change));
        Map<String, Integer> depth = new HashMap<>();
        int most = 0;
        for (Edge edge : edges) {
            depth.merge(edge.holder(), edge.change(), Integer::sum);
            depth.values().removeIf(count -> count == 0);
            most = Math.max(most, depth.size());
        }
        return most;
    }
}
