package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;

/** Something that shall happen to a whole machine. {@link Fault.KillHost} and {@link Fault.StopHost} are two more. */
public sealed interface HostFault extends Fault {

    /**
     * Every process of a machine stands still. Its connections stay open and silent, and its clock goes on. It is thawed to
     * heal this fault, and everything on it goes on as if nothing had been.
     *
     * @param target which machine
     */
    record FreezeHost(Target target) implements HostFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.HOST_FROZEN;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " is frozen";
        }
    }

    /**
     * A machine loses its power and boots at once, with the disk it had. It heals itself.
     *
     * @param target which machine
     */
    record RestartHost(Target target) implements HostFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.HOST_CRASH;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " loses its power and boots";
        }
    }

    /**
     * A machine with a kernel of its own loses its power: what it had not flushed to its disks is gone, also what had been
     * written and only waited for the kernel. It is started again, with what its disks then hold, to heal this fault.
     *
     * @param target which machine
     */
    record PowerLoss(Target target) implements HostFault {
        @Override
        public FaultClass faultClass() {
            return FaultClass.HOST_CRASH;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " loses its power, and what it had not flushed";
        }
    }

    /**
     * A machine gets only so much processor time and memory. Healing it takes the limits away.
     *
     * @param target which machine
     * @param processors of how many processors' time; at least a hundredth
     * @param megabytes how much memory; the engine refuses less than is in use and cannot be freed
     */
    record SqueezeHost(Target target, double processors, int megabytes) implements HostFault {

        public SqueezeHost {
            if (processors < 0.01 || megabytes < 32) {
                throw new IllegalArgumentException("A machine gets at least 0.01 processors and 32 MB, not "
                        + processors + " and " + megabytes + " MB.");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.SCARCITY;
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return "the machine of " + target + " gets " + processors + " processors and " + megabytes + " MB";
        }
    }
}
