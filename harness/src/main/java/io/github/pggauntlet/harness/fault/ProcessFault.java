package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;

/** Something that shall happen to single processes of a machine. {@link Fault.KillPostmaster} is one more. */
public sealed interface ProcessFault extends Fault {

    /** The processes that can be hit. */
    enum Kind {
        /** PostgreSQL's first process, which starts all others. */
        POSTMASTER("the postmaster"),
        /** PostgreSQL with all its processes. */
        POSTGRES("all of PostgreSQL"),
        /** One that serves a client's session from another machine. */
        BACKEND("one backend"),
        /** The one by which a standby receives WAL. */
        WAL_RECEIVER("the WAL receiver"),
        /** One by which a primary sends WAL. */
        WAL_SENDER("one WAL sender"),
        /** What the strategy runs beside PostgreSQL: the processes that runit supervises. */
        AGENT("the agent");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * A process is killed with SIGKILL. PostgreSQL takes the sudden end of a backend, a WAL receiver or a WAL sender for a
     * sign of damaged shared memory and ends all of its processes (PostgreSQL documentation, {@code restart_after_crash}).
     * Bringing back what is gone is the strategy's business: healing this fault does nothing.
     *
     * @param target on which machine
     * @param process what is killed: a backend, a WAL receiver, a WAL sender or the agent
     */
    record KillProcess(Target target, Kind process) implements ProcessFault {

        public KillProcess {
            if (process == Kind.POSTMASTER || process == Kind.POSTGRES) {
                throw new IllegalArgumentException("To kill " + process + ", kill the postmaster (KillPostmaster).");
            }
        }

        @Override
        public FaultClass faultClass() {
            return FaultClass.POSTMASTER_CRASH;
        }

        @Override
        public String toString() {
            return process + " of " + target + " is killed";
        }
    }

    /**
     * Processes are stopped with SIGSTOP: they do nothing, hold what they hold, and their connections stay open and silent.
     * SIGCONT heals it, if they have not been killed meanwhile.
     *
     * @param target on which machine
     * @param process what is frozen
     */
    record FreezeProcess(Target target, Kind process) implements ProcessFault {
        @Override
        public FaultClass faultClass() {
            return switch (process) {
                case AGENT -> FaultClass.AGENT_FROZEN;
                case POSTMASTER, POSTGRES, BACKEND, WAL_SENDER, WAL_RECEIVER -> FaultClass.POSTGRES_FROZEN;
            };
        }

        @Override
        public boolean sparesProcesses() {
            return true;
        }

        @Override
        public String toString() {
            return process + " of " + target + " is frozen";
        }
    }
}
