package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;

/** Faults of what passes a virtual address between two machines: ucarp, its advertisements, and what is not TCP at all. */
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
     * A machine's advertisements (CARP, IP protocol 112) get no farther than its own interface; everything else does. The
     * other machine no longer hears it, and is still heard.
     *
     * @param target whose advertisements
     */
    record MuteCarp(Target target) implements AddressFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.LINK_CUT;
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
        public String toString() {
            return "the machines of " + one + " and " + other + " do not hear each other";
        }
    }
}
