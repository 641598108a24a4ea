package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;

/**
 * Something that shall happen to a machine's clock. Only where the machine has a kernel of its own: containers share their
 * engine's clock.
 */
public sealed interface ClockFault extends Fault {

    /** On which machine. */
    Target target();

    @Override
    default FaultClass faultClass() {
        return FaultClass.CLOCK;
    }

    @Override
    default boolean sparesProcesses() {
        return true;
    }

    /**
     * The time of day jumps, as when somebody sets a clock that was wrong, or a time server is believed that should not be. What
     * counts from a start on ({@code CLOCK_MONOTONIC}, {@code CLOCK_BOOTTIME}) does not jump. The clock is set right to heal
     * this fault, which is a jump too.
     *
     * @param target on which machine
     * @param step by how much, forward or, if negative, back; whole seconds, at least ten
     */
    record StepClock(Target target, Duration step) implements ClockFault {

        /** What is seen of a clock from outside is uncertain by about a second. */
        private static final long SHORTEST_SECONDS = 10;

        public StepClock {
            if (step.abs().toSeconds() < SHORTEST_SECONDS || step.toNanosPart() != 0) {
                throw new IllegalArgumentException(
                        "A clock is set by whole seconds, at least " + SHORTEST_SECONDS + ", and not by " + step + ".");
            }
        }

        @Override
        public String toString() {
            return "the clock of the machine of " + target + " steps " + (step.isNegative() ? "back" : "forward")
                    + " by " + step.abs().toSeconds() + " s";
        }
    }

    /**
     * The clock runs at another rate, and with it everything by which processes measure time, {@code CLOCK_MONOTONIC} and
     * {@code CLOCK_BOOTTIME} too. No real clock is as wrong as what Linux allows; an emulated or a badly disciplined one may be.
     * The rate and the time are set right to heal this fault.
     *
     * @param target on which machine
     * @param perThousand by how much it is fast or, if negative, slow, in thousandths; at most 100, which is what
     *     {@code adjtimex(2)} takes, and not 0
     */
    record DriftClock(Target target, int perThousand) implements ClockFault {

        private static final int MOST = 100;

        public DriftClock {
            if (perThousand == 0 || Math.abs(perThousand) > MOST) {
                throw new IllegalArgumentException(
                        "A clock runs wrong by 1 to " + MOST + " thousandths, and not by " + perThousand + ".");
            }
        }

        @Override
        public String toString() {
            return "the clock of the machine of " + target + " is " + (perThousand < 0 ? "slow" : "fast") + " by "
                    + Math.abs(perThousand) + " in a thousand";
        }
    }
}
