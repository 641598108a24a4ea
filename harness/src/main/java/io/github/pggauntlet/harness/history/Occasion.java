package io.github.pggauntlet.harness.history;

/** When in a run a member's rows are read. */
public enum Occasion {
    /** In the midst of the run; the cluster may be failing over. */
    INTERIM,
    /** After all load has ended and every fault has healed. */
    FINAL,
    /** After a further failover that follows the final read, since a lost row can hide on a node not yet promoted. */
    AFTER_ONE_MORE_FAILOVER
}
