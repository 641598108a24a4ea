package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;

/** Something that shall happen to whoever says who may be primary. */
public sealed interface ArbiterFault extends Fault {

    @Override
    default FaultClass faultClass() {
        return FaultClass.ARBITER_LOSS;
    }

    @Override
    default boolean sparesProcesses() {
        return true;
    }

    /**
     * Arbiters are killed. They keep their disks, and are started again to heal this fault. If a majority of them is left, the
     * fault is judged as a cut link.
     *
     * @param number how many, counted from the first
     */
    record KillArbiters(int number) implements ArbiterFault {

        public KillArbiters {
            requirePositive(number);
        }

        @Override
        public String toString() {
            return number == 1 ? "the first arbiter is killed" : "the first " + number + " arbiters are killed";
        }
    }

    /**
     * Arbiters are frozen: connections stay open and nothing is answered. They are thawed to heal this fault. If a majority of
     * them is left, the fault is judged as a cut link.
     *
     * @param number how many, counted from the first
     */
    record FreezeArbiters(int number) implements ArbiterFault {

        public FreezeArbiters {
            requirePositive(number);
        }

        @Override
        public String toString() {
            return number == 1 ? "the first arbiter is frozen" : "the first " + number + " arbiters are frozen";
        }
    }

    /**
     * Whatever a machine asks of an arbiter, and each answer, arrives later.
     *
     * @param latency by how much
     */
    record SlowArbiters(Duration latency) implements ArbiterFault {

        public SlowArbiters {
            if (latency.toMillis() < 1) {
                throw new IllegalArgumentException("A slow arbiter is slower by at least 1 ms.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.SLOW_LINK;
        }

        @Override
        public String toString() {
            return "all arbiters are slower by " + latency.toMillis() + " ms each way";
        }
    }

    private static void requirePositive(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("At least one arbiter is hit, not " + number + ".");
        }
    }
}
