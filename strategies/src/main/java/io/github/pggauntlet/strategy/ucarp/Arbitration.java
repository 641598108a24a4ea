package io.github.pggauntlet.strategy.ucarp;

/** Who decides when two machines do not hear each other. */
public enum Arbitration {
    /** Nobody: who is silent is taken for dead. */
    NOBODY,
    /** A witness beside the machines, which gives the lease to one of them. */
    WITNESS,
    /** A fence device: who goes on has switched the other one off before. */
    FENCING
}
