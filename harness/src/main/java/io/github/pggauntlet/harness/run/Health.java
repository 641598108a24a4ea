package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.Redundancy;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads from the members' own words how a cluster is. Pure. */
final class Health {

    private Health() {}

    /** The member that is primary and lets writes be acknowledged, if there is exactly one. */
    static Optional<NodeStatus> primary(List<NodeStatus> statuses) {
        List<NodeStatus> primaries = statuses.stream()
                .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                .toList();
        return primaries.size() == 1 ? Optional.of(primaries.get(0)) : Optional.empty();
    }

    /** Whether several members say that they are primary and let writes be acknowledged. */
    static boolean split(List<NodeStatus> statuses) {
        return statuses.stream()
                        .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                        .count()
                > 1;
    }

    /** Whether the cluster is as redundant as it can be. */
    static boolean whole(List<NodeStatus> statuses) {
        return Redundancy.isWhole(statuses);
    }

    /** One line about each member, for messages. */
    static String describe(List<NodeStatus> statuses) {
        return statuses.stream()
                .map(node -> node.member() + " is " + node.role()
                        + (node.role() == NodeRole.PRIMARY && !node.open() ? " (not open)" : "")
                        + (node.streaming() ? " (streaming)" : "")
                        + (node.timeline().isPresent()
                                ? " on timeline " + node.timeline().getAsInt()
                                : "")
                        + (node.role() == NodeRole.PRIMARY ? ", promotable " + node.promotable() : "")
                        + (node.note().isEmpty() ? "" : " [" + node.note() + "]"))
                .collect(Collectors.joining("; "));
    }
}
