package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Parties that shall not reach each other. All links between them are cut, in both directions, and between machines the direct
 * route too. Connections stay open and silent, as with {@link LinkFault.CutLink}. The operator's links are left alone: whoever
 * watches must see, and write to, an isolated primary too.
 *
 * <p>A machine that boots during a partition has its direct routes back; its links stay cut.
 */
public sealed interface PartitionFault extends Fault {

    @Override
    default boolean sparesProcesses() {
        return true;
    }

    /** Whom a machine can be isolated from. */
    enum Neighbour {
        /** The other machines. */
        PEERS,
        /** The arbiters, all of them. */
        ARBITER,
        /** The applications. */
        CLIENTS;

        @Override
        public String toString() {
            return switch (this) {
                case PEERS -> "its peers";
                case ARBITER -> "the arbiter";
                case CLIENTS -> "the clients";
            };
        }
    }

    /**
     * One machine is isolated.
     *
     * @param target which
     * @param from whom it cannot reach any more, nor they it
     */
    record Isolate(Target target, Set<Neighbour> from) implements PartitionFault {

        public Isolate {
            if (from.isEmpty()) {
                throw new IllegalArgumentException("A machine is isolated from somebody; say from whom.");
            }
            from = Set.copyOf(from);
        }

        /** Isolated from everybody but the operator. */
        public Isolate(Target target) {
            this(target, EnumSet.allOf(Neighbour.class));
        }

        /** As it is judged when it hits a primary: by whether the primary keeps its lease, and whether writes can reach it. */
        @Override
        public FaultClass faultClass() {
            if (from.contains(Neighbour.ARBITER)) {
                return from.contains(Neighbour.PEERS) ? FaultClass.HOST_ISOLATED : FaultClass.LINK_CUT;
            }
            return from.contains(Neighbour.CLIENTS) ? FaultClass.PARTITION : FaultClass.LINK_CUT;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " is isolated from "
                    + from.stream()
                            .sorted(Comparator.comparing(Neighbour::ordinal))
                            .map(Neighbour::toString)
                            .collect(Collectors.joining(", "));
        }
    }

    /**
     * Two parties do not reach each other, in neither direction.
     *
     * @param one a party
     * @param other another
     */
    record CutBetween(Party one, Party other) implements PartitionFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.LINK_CUT;
        }

        @Override
        public String toString() {
            return one + " and " + other + " do not reach each other";
        }
    }

    /**
     * The connections that two parties open to each other, whoever opens them, carry nothing more. What machines say to each other
     * beside them, such as ucarp's advertisements, still arrives.
     *
     * @param one a party
     * @param other another
     */
    record CutLinks(Party one, Party other) implements PartitionFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.LINK_CUT;
        }

        @Override
        public String toString() {
            return "the links between " + one + " and " + other + " are cut";
        }
    }

    /** How the machines fall apart. The arbiter and the clients reach all of them. */
    enum Shape {
        /** Into two halves, the smaller one with the primary. At least two machines. */
        HALVES(2),
        /** Into two groups that reach each other only by one machine between them. At least three machines. */
        BRIDGE(3),
        /** Each machine reaches only the one before and the one after it. At least four machines. */
        RING(4);

        private final int machines;

        Shape(int machines) {
            this.machines = machines;
        }

        /** How many machines it takes. */
        public int machines() {
            return machines;
        }

        /** Whether two machines reach each other, by their places among {@code all}. The primary has place 0. */
        boolean joined(int one, int other, int all) {
            int low = Math.min(one, other);
            int high = Math.max(one, other);
            return switch (this) {
                case HALVES -> (low < all / 2) == (high < all / 2);
                // The machine between them is the second, so that the primary never is.
                case BRIDGE -> low == 1 || high == 1 || (low <= all / 2) == (high <= all / 2);
                case RING -> high - low == 1 || (low == 0 && high == all - 1);
            };
        }

        /** The pairs of machines that lose each other. */
        List<List<String>> parted(List<String> primaryFirst) {
            List<List<String>> pairs = new java.util.ArrayList<>();
            for (int i = 0; i < primaryFirst.size(); i++) {
                for (int j = i + 1; j < primaryFirst.size(); j++) {
                    if (!joined(i, j, primaryFirst.size())) {
                        pairs.add(List.of(primaryFirst.get(i), primaryFirst.get(j)));
                    }
                }
            }
            return List.copyOf(pairs);
        }
    }

    /**
     * The machines fall apart.
     *
     * @param shape how
     */
    record Split(Shape shape) implements PartitionFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.PARTITION;
        }

        @Override
        public String toString() {
            return "the machines fall apart: " + shape.name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
