package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;

/** Something that shall happen to what lies on a machine's disk. */
public sealed interface DiskFault extends Fault {

    /** On which machine. */
    Target target();

    @Override
    default FaultClass faultClass() {
        return FaultClass.DISK;
    }

    /**
     * The data volume is filled to the last byte. Only where it has a size of its own. What fills it is removed to heal this
     * fault.
     *
     * @param target on which machine
     */
    record FillDisk(Target target) implements DiskFault {
        @Override
        public String toString() {
            return "the data volume of " + target + " is full";
        }
    }

    /**
     * The segments of WAL that PostgreSQL keeps, other than the one it writes, are deleted. Who needs them has to do without:
     * healing this fault does nothing.
     *
     * @param target on which machine
     */
    record RemoveWal(Target target) implements DiskFault {
        @Override
        public String toString() {
            return "the kept WAL of " + target + " is gone";
        }
    }

    /**
     * A part of a page of the largest table is overwritten on disk. Data checksums tell when the page is read from there.
     * Healing this fault does nothing.
     *
     * @param target on which machine
     */
    record DamagePage(Target target) implements DiskFault {
        @Override
        public String toString() {
            return "a page of a table of " + target + " is damaged";
        }
    }

    /**
     * The data directory is removed, and PostgreSQL killed, which without it could not go on for long. Making a new one is the
     * strategy's business: healing this fault does nothing.
     *
     * @param target on which machine
     */
    record RemoveData(Target target) implements DiskFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.POSTMASTER_CRASH;
        }

        @Override
        public String toString() {
            return "the data directory of " + target + " is gone";
        }
    }
}
