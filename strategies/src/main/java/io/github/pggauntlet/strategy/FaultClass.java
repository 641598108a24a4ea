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
    PARTITION,
    /** The machine runs on, but reaches nobody and nobody reaches it: no other machine, no arbiter, no client. */
    HOST_ISOLATED,
    /** Everything on the machine stands still for longer than a lease, and then goes on as if nothing had been. */
    HOST_FROZEN,
    /** What keeps PostgreSQL available on the machine stands still for longer than a lease; PostgreSQL runs on. */
    AGENT_FROZEN,
    /** Nobody reaches the arbiter, because it is down or because its links are cut. */
    ARBITER_LOSS,
    /** One link is cut, in one direction or both: between two machines, or between a machine and the arbiter. */
    LINK_CUT,
    /** An operator has the primary's role handed over. */
    SWITCHOVER,
    /** PostgreSQL, or one of its processes, stands still; the machine and what keeps PostgreSQL available run on. */
    POSTGRES_FROZEN,
    /** The data volume is full, or something on it is damaged or gone. */
    DISK,
    /** The machine gets too little processor time or memory. */
    SCARCITY,
    /** The machine's clock jumps, or runs at a wrong rate. */
    CLOCK,
    /**
     * What passes a virtual address between machines stands still, is misled or is not heard, or the address is not where it
     * should be; the machines themselves reach each other.
     */
    ADDRESS
}
