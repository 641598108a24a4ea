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

    /**
     * The machine's disks carry out only so many reads and writes a second. Only where the machine has a kernel, and so disks, of
     * its own. The limit is taken away to heal this fault.
     *
     * @param target on which machine
     * @param operations how many a second, at least 1
     */
    record SlowDisk(Target target, int operations) implements DiskFault {

        public SlowDisk {
            if (operations < 1) {
                throw new IllegalArgumentException(
                        "A slow disk still does at least one thing a second, not " + operations + ".");
            }
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the disks of the machine of " + target + " do " + operations + " things a second";
        }
    }

    /**
     * The file system that PostgreSQL's data are on takes no write and no flush any more, as after an error of its disk: each
     * fails with an input/output error. What had been flushed before stays. Only where the machine has a kernel of its own. The
     * machine is switched off and on to heal this fault.
     *
     * @param target on which machine
     */
    record FailDisk(Target target) implements DiskFault {
        @Override
        public String toString() {
            return "the data disk of the machine of " + target + " fails to write and to flush";
        }
    }
}
