package io.github.pggauntlet.strategy;

/** The services between which a cluster's links run. */
public enum Service {
    /** PostgreSQL on a member: SQL and replication. */
    POSTGRES,
    /** The agent on a member: its status and journal over HTTP. */
    AGENT,
    /** The arbiter. */
    ARBITER,
    /** The replicated disk on a member: DRBD. */
    DISK
}
