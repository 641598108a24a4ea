package io.github.pggauntlet.harness.check.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Do all servers have the same rows in the end? All of them are compared with the first, table by table. O(n log n). */
public final class ConvergenceRule {

    private static final String RULE = "servers converge";

    private final Set<String> nodes;

    /**
     * @param nodes the servers that must have been looked at
     */
    public ConvergenceRule(Set<String> nodes) {
        this.nodes = new TreeSet<>(nodes);
    }

    /** The breaches: tables that differ, and servers that are missing. */
    public List<Breach> check(List<RowChecksum> checksums) {
        Map<String, Map<String, RowChecksum>> byTable = new TreeMap<>();
        checksums.forEach(checksum -> byTable.computeIfAbsent(checksum.table(), table -> new TreeMap<>())
                .put(checksum.node(), checksum));
        List<Breach> breaches = new ArrayList<>();
        byTable.forEach((table, byNode) -> {
            RowChecksum first = byNode.values().iterator().next();
            for (String node : nodes) {
                if (!byNode.containsKey(node)) {
                    breaches.add(new Breach(RULE, "nobody looked at table " + table + " on " + node));
                }
            }
            for (RowChecksum other : byNode.values()) {
                if (other.rows() != first.rows() || !other.checksum().equals(first.checksum())) {
                    breaches.add(new Breach(
                            RULE,
                            "table " + table + " has " + first.rows() + " rows with checksum " + first.checksum()
                                    + " on " + first.node() + ", and " + other.rows() + " with " + other.checksum()
                                    + " on " + other.node()));
                }
            }
        });
        return breaches;
    }
}
