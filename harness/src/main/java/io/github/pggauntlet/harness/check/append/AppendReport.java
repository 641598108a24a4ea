package io.github.pggauntlet.harness.check.append;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a history of appends shows.
 *
 * <p>Whether a level {@linkplain #holds holds} is decided exactly, apart from the anomalies that are told: those explain.
 */
public final class AppendReport {

    private final int transactions;
    private final Order strongest;
    private final boolean versionOrderTotal;
    private final List<Anomaly> anomalies;
    private final Map<Kind, Integer> counts;
    private final Map<Order, Set<Isolation>> broken;

    AppendReport(
            int transactions,
            Order strongest,
            boolean versionOrderTotal,
            Findings findings,
            Map<Order, Set<Isolation>> cycles) {
        this.transactions = transactions;
        this.strongest = strongest;
        this.versionOrderTotal = versionOrderTotal;
        this.anomalies = List.copyOf(findings.examples());
        Map<Kind, Integer> copy = new EnumMap<>(Kind.class);
        copy.putAll(findings.counts());
        this.counts = Collections.unmodifiableMap(copy);
        this.broken = new EnumMap<>(Order.class);
        for (Order order : Order.values()) {
            Set<Isolation> levels = EnumSet.noneOf(Isolation.class);
            levels.addAll(cycles.getOrDefault(order, Set.of()));
            counts.keySet().stream()
                    .filter(kind -> !kind.isCycle())
                    .map(Kind::forbiddenFrom)
                    .forEach(levels::add);
            broken.put(order, levels);
        }
    }

    /** The number of transactions that were looked at. */
    public int transactions() {
        return transactions;
    }

    /**
     * Whether a database that keeps the level, with the order, can have left the history.
     *
     * <p>"No" is certain. "Yes" is certain for snapshot isolation and serializability if {@link #versionOrderTotal()};
     * otherwise transactions of unknown outcome have left room for an order that was not tried.
     *
     * @throws IllegalArgumentException if the checker was not asked to look at the order
     */
    public boolean holds(Isolation isolation, Order order) {
        if (order.compareTo(strongest) > 0) {
            throw new IllegalArgumentException(
                    "The history was checked with the order " + strongest + " at most, not with " + order + ".");
        }
        return broken.getOrDefault(order, Set.of()).stream().noneMatch(level -> level.compareTo(isolation) <= 0);
    }

    /** Whether the order of versions was known to the last. */
    public boolean versionOrderTotal() {
        return versionOrderTotal;
    }

    /** What was found, the first few of each kind; cycles as the smallest of their kind. */
    public List<Anomaly> anomalies() {
        return anomalies;
    }

    /** How many anomalies of each kind were found. Cycles are counted once for each knot of transactions. */
    public Map<Kind, Integer> counts() {
        return counts;
    }
}
