package io.github.pggauntlet.harness.check.append;

/** What can be wrong with a history, each with the lowest isolation level that forbids it. */
public enum Kind {
    /** Two reads of a list of which neither is the beginning of the other, or a place that contradicts what was read. */
    INCOMPATIBLE_ORDER("incompatible order", Isolation.READ_UNCOMMITTED, false),
    /** The same value twice in one list. */
    DUPLICATE("duplicate", Isolation.READ_UNCOMMITTED, false),
    /** A value nobody appended, or a place that no known append can have filled. */
    PHANTOM("phantom", Isolation.READ_UNCOMMITTED, false),
    /** An acknowledged append at whose place there is another value. */
    LOST_APPEND("lost append", Isolation.READ_UNCOMMITTED, false),
    /** A transaction that does not see its own append, or sees it before it made it. */
    INTERNAL("internal", Isolation.READ_UNCOMMITTED, false),
    /** A cycle of writes after writes, or a write between two of one transaction: writes interleave. */
    G0("G0 (dirty write)", Isolation.READ_UNCOMMITTED, true),
    /** A value of a transaction that failed was read. */
    G1A("G1a (aborted read)", Isolation.READ_COMMITTED, false),
    /** A value was read that its transaction had not written last. */
    G1B("G1b (intermediate read)", Isolation.READ_COMMITTED, false),
    /** A cycle of writes and reads after writes: information flowed in a circle. */
    G1C("G1c (circular information flow)", Isolation.READ_COMMITTED, true),
    /** A transaction read a version and wrote a later one than the next: it overwrote what it had not read. */
    LOST_UPDATE("lost update", Isolation.SNAPSHOT_ISOLATION, false),
    /** A cycle with exactly one read that a later write overtook (read skew). */
    G_SINGLE("G-single (read skew)", Isolation.SNAPSHOT_ISOLATION, true),
    /** A cycle with several overtaken reads, no two of them in a row (long fork). */
    G_NONADJACENT("G-nonadjacent (long fork)", Isolation.SNAPSHOT_ISOLATION, true),
    /** A cycle with two overtaken reads in a row (write skew). */
    G2_ITEM("G2-item (write skew)", Isolation.SERIALIZABLE, true);

    private final String title;
    private final Isolation forbiddenFrom;
    private final boolean cycle;

    Kind(String title, Isolation forbiddenFrom, boolean cycle) {
        this.title = title;
        this.forbiddenFrom = forbiddenFrom;
        this.cycle = cycle;
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /** The lowest level that forbids it. */
    public Isolation forbiddenFrom() {
        return forbiddenFrom;
    }

    /** Whether it is a cycle of dependencies. Otherwise it is seen without any order of transactions. */
    public boolean isCycle() {
        return cycle;
    }
}
