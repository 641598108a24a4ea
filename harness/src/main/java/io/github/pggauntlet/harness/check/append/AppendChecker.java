package io.github.pggauntlet.harness.check.append;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which anomalies does a history of appends show, and which isolation levels does it allow?
 *
 * <p>The places that appends return make the order of versions total. Then a history is serializable if and only if the graph
 * of dependencies (write after write, read after write, write after read) has no cycle, and possible under snapshot isolation
 * if and only if it has no cycle without two overtaken reads in a row ({@link Knot#doubled}). One pass of strongly connected
 * components decides the first: a sound history of n operations takes O(n) time (and O(n log n) to sort times if they are
 * out of order) and less than 200 bytes for a transaction. Only the components of more than one transaction are looked at
 * more closely.
 *
 * <p>With {@link Order#REAL_TIME} an acknowledged append that is missing in a later read is an anomaly, also if nobody ever
 * read it: the reader comes before the append, which was acknowledged before the reader began. Without that order it is a
 * legal serialization, and remains unseen.
 *
 * <p>What cannot be known: anything about rows found by a condition and not by their key (phantoms in Adya's sense), and, where
 * transactions of unknown outcome leave the order of versions open, some histories that no order would allow.
 *
 * <p>Sources: Adya's thesis for the names; Elle (<a href="https://doi.org/10.14778/3430915.3430918">Inferring Isolation Anomalies
 * from Experimental Observations</a>, 2020) for lists; Cerone and Gotsman for snapshot isolation.
 */
public final class AppendChecker {

    private static final Kind[] CYCLES = {Kind.G0, Kind.G1C, Kind.G_SINGLE, Kind.G_NONADJACENT, Kind.G2_ITEM};

    private final Order strongest;

    /**
     * @param strongest the strongest order to look at; weaker ones are looked at too
     */
    public AppendChecker(Order strongest) {
        this.strongest = strongest;
    }

    /** Checks a history. */
    public AppendReport check(AppendHistory history) {
        Findings findings = new Findings();
        findings.addAll(history.contradictions());
        VersionOrder versions = new VersionOrder(history, findings);
        new TransactionRules(history, versions, findings).check();
        DependencyGraph graph = new DependencyGraph(history, versions, strongest);
        Components components = Components.of(graph);
        Map<Order, Set<Isolation>> broken = new EnumMap<>(Order.class);
        int[] number = new int[components.knots().isEmpty() ? 0 : graph.nodes()];
        Arrays.fill(number, -1);
        for (int[] members : components.knots()) {
            untie(new Knot(graph, members, number), history, new Explainer(history, versions), findings, broken);
        }
        return new AppendReport(history.size(), strongest, versions.total(), findings, broken);
    }

    private void untie(
            Knot knot,
            AppendHistory history,
            Explainer explainer,
            Findings findings,
            Map<Order, Set<Isolation>> broken) {
        Set<Kind> known = EnumSet.noneOf(Kind.class);
        for (Order order : Order.values()) {
            if (order.compareTo(strongest) > 0) {
                break;
            }
            Set<Isolation> levels = brokenLevels(knot, order);
            broken.computeIfAbsent(order, any -> EnumSet.noneOf(Isolation.class))
                    .addAll(levels);
            for (Kind kind : CYCLES) {
                if (!known.contains(kind)
                        && levels.stream().anyMatch(level -> level.compareTo(kind.forbiddenFrom()) <= 0)) {
                    Optional<int[]> cycle = CycleSearch.smallest(history, knot, kind, order);
                    cycle.ifPresent(edges -> {
                        known.add(kind);
                        findings.add(Anomaly.cycle(kind, order, explainer.steps(knot, edges)));
                    });
                }
            }
        }
    }

    /** The levels that forbid a cycle which the knot has. */
    private static Set<Isolation> brokenLevels(Knot knot, Order order) {
        Set<Isolation> levels = EnumSet.noneOf(Isolation.class);
        if (!isKnotted(knot.only(Dependency.with(order)))) {
            return levels;
        }
        levels.add(Isolation.SERIALIZABLE);
        if (isKnotted(knot.doubled(Dependency.with(order)))) {
            levels.add(Isolation.SNAPSHOT_ISOLATION);
        }
        if (isKnotted(knot.only(CycleSearch.allowed(Kind.G1C, order)))) {
            levels.add(Isolation.READ_COMMITTED);
        }
        if (isKnotted(knot.only(CycleSearch.allowed(Kind.G0, order)))) {
            levels.add(Isolation.READ_UNCOMMITTED);
        }
        return levels;
    }

    private static boolean isKnotted(Graph graph) {
        return !Components.of(graph).knots().isEmpty();
    }
}
