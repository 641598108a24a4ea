package io.github.pggauntlet.strategy;

/** The steps of a cluster's life that members record in their journals. */
public enum Milestone {
    /** The member's agent has started. */
    AGENT_STARTED,
    /** The member has created the cluster's first data directory. */
    BOOTSTRAPPED,
    /** PostgreSQL has been started. */
    POSTGRES_STARTED,
    /** PostgreSQL has ended without having been told to, or was seen not to work. */
    FAILURE_DETECTED,
    /** Nothing is left on this member that could acknowledge a write. */
    FENCED,
    /** This member has given its right to be primary away. */
    LEASE_RELEASED,
    /** This member has seen that nobody holds the right to be primary. */
    VACANCY_SEEN,
    /** This member has obtained the right to be primary. */
    ELECTED,
    /** PostgreSQL has been told to leave recovery. */
    PROMOTION_STARTED,
    /** PostgreSQL has left recovery. */
    PROMOTED,
    /** Writes are acknowledged from here on. */
    OPENED,
    /** The way back into the cluster has been chosen; the details say which way and why. */
    REJOIN_PLANNED,
    /** The member streams from the primary on the primary's timeline. */
    REJOINED,
    /** The primary waits for this standby, or vouches for its lag: it may be promoted. Details name the standby. */
    REDUNDANT,
    /** The primary goes on without a standby; nobody else may be promoted. */
    ALONE,
    /** A primary has given up its role. */
    DEMOTED,
    /** A step has failed and will be tried again; the details say what. */
    STEP_FAILED,
    /** The member has taken itself out and wants an operator. */
    QUARANTINED,
    /** The member's agent has ended in good order. */
    AGENT_STOPPED
}
