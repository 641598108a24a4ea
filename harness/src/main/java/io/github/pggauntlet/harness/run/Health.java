package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /**
     * Whether the cluster is as redundant as it can be: one primary that is open and can be rewound from, everybody else a
     * standby that streams on its timeline, and all of them promotable.
     */
    static boolean whole(List<NodeStatus> statuses) {
        Optional<NodeStatus> primary = primary(statuses);
        if (primary.isEmpty() || !primary.get().rewindReady()) {
            return false;
        }
        NodeStatus head = primary.get();
        Set<String> members = statuses.stream().map(NodeStatus::member).collect(Collectors.toSet());
        return head.promotable().equals(members)
                && statuses.stream()
                        .filter(node -> !node.member().equals(head.member()))
                        .allMatch(node -> node.role() == NodeRole.STANDBY
                                && node.streaming()
                                && node.timeline().equals(head.timeline()));
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
