package io.github.pggauntlet.strategy;

/** Classes of fault for which a strategy makes promises. */
public enum FaultClass {
    /** PostgreSQL's postmaster dies; the machine lives on. */
    POSTMASTER_CRASH,
    /** The machine stops dead; what it had handed to its disk is there when it returns. */
    HOST_CRASH,
    /** The machine is shut down in good order. */
    CLEAN_STOP,
    /** A standby fails and returns. */
    STANDBY_LOSS,
    /** A link between machines, or to clients or to the arbiter, is slow. */
    SLOW_LINK,
    /** Machines cannot reach each other, in one direction or both. */
    PARTITION
}
