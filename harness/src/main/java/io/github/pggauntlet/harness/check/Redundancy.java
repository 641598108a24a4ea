package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** How redundant a cluster is, and how long it takes to be so again. Pure. */
public final class Redundancy {

    private Redundancy() {}

    /**
     * Whether a cluster is as redundant as it can be: exactly one primary that is open, and it can be rewound from; everybody
     * else a standby that streams on its timeline; and all of them promotable, which each of them knows of itself.
     */
    public static boolean isWhole(Collection<NodeStatus> statuses) {
        List<NodeStatus> primaries = statuses.stream()
                .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                .toList();
        if (primaries.size() != 1 || !primaries.get(0).rewindReady()) {
            return false;
        }
        NodeStatus head = primaries.get(0);
        Set<String> members = statuses.stream().map(NodeStatus::member).collect(Collectors.toSet());
        return head.promotable().equals(members)
                && statuses.stream()
                        .filter(node -> !node.member().equals(head.member()))
                        .allMatch(node -> node.role() == NodeRole.STANDBY
                                && node.streaming()
                                && node.timeline().equals(head.timeline())
                                && knowsThatItMay(node));
    }

    /** A standby that has not heard yet that it may be promoted would not be. */
    private static boolean knowsThatItMay(NodeStatus standby) {
        return standby.promotable().isEmpty() || standby.promotable().contains(standby.member());
    }

    /**
     * For each time at which all faults were healed and the next one came later than that: how long it took until the cluster
     * was seen to be whole, in nanoseconds. A time after which it never was is left out. O(e log e) for e events.
     */
    public static List<Long> timesToWhole(RunRecord run) {
        List<Long> times = new ArrayList<>();
        Set<String> open = new HashSet<>();
        OptionalLong healed = OptionalLong.empty();
        Set<String> members = run.members();
        List<NodeStatus> together = new ArrayList<>();
        long at = -1;
        for (RunEvent event : run.events().stream()
                .sorted(Comparator.comparingLong(RunEvent::at))
                .toList()) {
            if (event instanceof RunEvent.FaultMade made) {
                open.add(made.id());
                healed = OptionalLong.empty();
            } else if (event instanceof RunEvent.FaultHealed over && open.remove(over.id()) && open.isEmpty()) {
                healed = OptionalLong.of(over.at());
            } else if (event instanceof RunEvent.StatusSample sample) {
                if (sample.at() != at) {
                    together.clear();
                    at = sample.at();
                }
                together.add(sample.status());
                Optional<Long> took = took(healed, at, members.size(), together);
                took.ifPresent(times::add);
                healed = took.isPresent() ? OptionalLong.empty() : healed;
            }
        }
        return List.copyOf(times);
    }

    private static Optional<Long> took(OptionalLong healed, long at, int members, List<NodeStatus> together) {
        boolean whole =
                healed.isPresent() && at > healed.getAsLong() && together.size() == members && isWhole(together);
        return whole ? Optional.of(at - healed.getAsLong()) : Optional.empty();
    }
}
