package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds out which member a target means, from what the members say at that moment. */
final class Targets {

    /** The roles of a member that is, or is becoming, the one that acknowledges writes. */
    private static final Set<NodeRole> LEADING = Set.of(NodeRole.PRIMARY, NodeRole.PROMOTING);

    private final Supplier<List<NodeStatus>> statuses;

    Targets(Supplier<List<NodeStatus>> statuses) {
        this.statuses = statuses;
    }

    /**
     * @throws VictimGone if no member fits; the message lists what each said
     */
    NodeStatus resolve(Target target) {
        List<NodeStatus> seen = statuses.get();
        if (target instanceof Target.Named named) {
            return first(
                    target,
                    seen,
                    status -> status.member().equals(named.member()),
                    Comparator.comparing(NodeStatus::member));
        }
        if (target instanceof Target.ThePrimary) {
            // Two may say so for a moment: the one that acknowledges writes is meant.
            return first(
                    target,
                    seen,
                    status -> status.role() == NodeRole.PRIMARY,
                    Comparator.comparing(status -> !status.open()));
        }
        return first(
                target,
                seen,
                status -> status.role() == NodeRole.STANDBY,
                Comparator.comparing(status -> !status.streaming()));
    }

    /** What the members say now. */
    List<NodeStatus> seen() {
        return statuses.get();
    }

    /**
     * The names a party has at this moment; several if it is the arbiter and there are several.
     *
     * @throws VictimGone if no member fits
     */
    List<String> parties(Party party, List<String> arbiters) {
        if (party instanceof Target target) {
            return List.of(resolve(target).member());
        }
        return party == Party.Beside.ARBITER ? arbiters : List.of(((Party.Beside) party).party());
    }

    private static NodeStatus first(
            Target target, List<NodeStatus> seen, Predicate<NodeStatus> fits, Comparator<NodeStatus> preference) {
        // min keeps the first of equals, which is the cluster's order.
        return seen.stream()
                .filter(fits)
                .min(preference)
                .orElseThrow(() -> new VictimGone("No member is " + target + " at this moment; "
                        + seen.stream()
                                .map(status -> status.member() + " is " + status.role())
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    /** Whether a member is, or is becoming, the one that acknowledges writes. */
    static boolean leads(NodeStatus hit) {
        return LEADING.contains(hit.role());
    }

    /** The class under which the effect of a fault on this member is judged. */
    static FaultClass judgedAs(Fault fault, NodeStatus hit) {
        return leads(hit) ? fault.faultClass() : FaultClass.STANDBY_LOSS;
    }
}
