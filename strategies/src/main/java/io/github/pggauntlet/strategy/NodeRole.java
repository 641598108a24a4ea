package io.github.pggauntlet.strategy;

/** What a member of a cluster is at one instant, by its own account. */
public enum NodeRole {
    /** PostgreSQL runs, is not in recovery, and the member holds the right to be primary. */
    PRIMARY,
    /** PostgreSQL is leaving recovery. */
    PROMOTING,
    /** PostgreSQL runs in recovery. */
    STANDBY,
    /** The member is making its data directory fit to follow the primary: rewinding or copying. */
    REJOINING,
    /** PostgreSQL is coming up or going down. */
    TRANSITION,
    /** The member's agent runs, PostgreSQL does not. */
    STOPPED,
    /** The member has taken itself out and wants an operator. */
    QUARANTINED,
    /** The member did not answer. */
    UNREACHABLE
}
