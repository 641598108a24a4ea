package io.github.pggauntlet.harness.check.append;

/**
 * The isolation levels that are told apart, in ascending order: each forbids what those before it forbid, and more. After
 * Adya (<a href="https://pmg.csail.mit.edu/papers/adya-phd.pdf">Weak Consistency</a>, 1999).
 */
public enum Isolation {
    /** Writes of two transactions do not interleave (PL-1). */
    READ_UNCOMMITTED,
    /** Only what was committed is read, and of a transaction only the last it wrote (PL-2). PostgreSQL: READ COMMITTED. */
    READ_COMMITTED,
    /**
     * Every transaction reads one snapshot, and of two that run at the same time and write the same key only one commits.
     * PostgreSQL: REPEATABLE READ.
     */
    SNAPSHOT_ISOLATION,
    /** As if the transactions had run one after another (PL-3 on items). PostgreSQL: SERIALIZABLE. */
    SERIALIZABLE
}
