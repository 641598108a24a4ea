package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;

/**
 * Faults of what passes a virtual address between two machines: ucarp, its advertisements, what is not TCP at all, and the
 * address itself.
 */
public sealed interface AddressFault extends Fault {

    /**
     * ucarp is killed with SIGKILL, which gives it no time to run its down-script: the address stays where it is. Bringing
     * ucarp back is the strategy's business: healing this fault does nothing.
     *
     * @param target whose ucarp
     */
    record KillUcarp(Target target) implements AddressFault {
        /** As when a process dies that PostgreSQL's availability hangs on, on a machine that lives on. */
        @Override
        public FaultClass faultClass() {
            return FaultClass.POSTMASTER_CRASH;
        }

        @Override
        public String toString() {
            return "ucarp of " + target + " is killed";
        }
    }

    /**
     * ucarp stands still (SIGSTOP) and advertises nothing, while everything else on the machine runs on. It wakes to heal this
     * fault, in the belief that no time has passed.
     *
     * @param target whose ucarp
     */
    record FreezeUcarp(Target target) implements AddressFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.ADDRESS;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "ucarp of " + target + " is frozen";
        }
    }

    /**
     * The script that ucarp calls when it has become master takes longer: on a machine under load, or one whose script does
     * too much. ucarp waits for it and advertises nothing meanwhile. Nothing happens before ucarp becomes master.
     *
     * @param target on which machine
     * @param delay how much longer; at least a millisecond
     */
    record SlowUpScript(Target target, Duration delay) implements AddressFault {

        public SlowUpScript {
            if (delay.toMillis() < 1) {
                throw new IllegalArgumentException("A slow script takes at least 1 ms longer.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.ADDRESS;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the up-script of " + target + " takes " + delay.toMillis() + " ms longer";
        }
    }

    /**
     * ucarp's clock is set forward, as somebody sets a machine's clock that was slow. ucarp measures silence by that clock, so
     * it believes that it has heard nothing for that long, unless an advertisement wakes it first: on a machine whose own interval
     * is no shorter than the master's one always does (UCARP 1.5.2, {@code carp.c}). Everything else on the machine keeps its clock. A clock that was set
     * stays set: healing this fault does nothing.
     *
     * @param target whose ucarp; on a machine that is not the address's master, since ucarp is started anew for it
     * @param step by how much; whole seconds, at least one
     */
    record StepUcarpClock(Target target, Duration step) implements AddressFault {

        public StepUcarpClock {
            if (step.toSeconds() < 1 || step.toNanosPart() != 0) {
                throw new IllegalArgumentException("A clock is set forward by whole seconds, at least one.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.ADDRESS;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the clock of ucarp of " + target + " steps forward by " + step.toSeconds() + " s";
        }
    }

    /**
     * A machine's network interface loses its link, as when the cable is pulled: the machine knows that it reaches nobody.
     *
     * @param target which machine
     */
    record LoseCarrier(Target target) implements AddressFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.HOST_ISOLATED;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " loses its network link";
        }
    }

    /**
     * The virtual address is taken off a machine's interface by somebody who does not know better. Putting it back is the
     * strategy's business: healing this fault does nothing.
     *
     * @param target the machine that has it
     */
    record TakeAddress(Target target) implements AddressFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.ADDRESS;
        }

        @Override
        public String toString() {
            return "the virtual address is taken off the machine of " + target;
        }
    }

    /**
     * The virtual address is put on a machine that is not its master, and announced. Taking it away is the strategy's business:
     * healing this fault does nothing.
     *
     * @param target which machine
     */
    record StrayAddress(Target target) implements AddressFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.ADDRESS;
        }

        @Override
        public String toString() {
            return "the virtual address is put on the machine of " + target + " too";
        }
    }

    /**
     * A machine's advertisements (CARP, IP protocol 112) get no farther than its own interface; everything else does. The
     * other machine no longer hears it, and is still heard.
     *
     * @param target whose advertisements
     */
    record MuteCarp(Target target) implements AddressFault {
        /** Only ucarp is misled: the agents hear each other. */
        @Override
        public FaultClass faultClass() {
            return FaultClass.ADDRESS;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the advertisements of " + target + " are lost";
        }
    }

    /**
     * Two machines do not hear each other at all: neither CARP nor ARP for each other nor anything else gets from one to the
     * other, and the links between them are cut too, in both directions. Connections stay open and silent. Clients and the
     * operator reach both.
     *
     * @param one a machine
     * @param other the other
     */
    record PartMachines(Target one, Target other) implements AddressFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.PARTITION;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the machines of " + one + " and " + other + " do not hear each other";
        }
    }
}
