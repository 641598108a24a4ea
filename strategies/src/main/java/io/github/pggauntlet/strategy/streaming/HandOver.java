package io.github.pggauntlet.strategy.streaming;

/** What an agent can be told about the primary's role. Safe for use by several threads. */
interface HandOver {

    /** Gives up the primary's role. Returns at once. */
    void stepDown();

    /** Leaves the role, when it is free next, to a certain member, itself perhaps, if that one has all that any has. */
    void favour(String member);

    /**
     * Tells another member's agent the same.
     *
     * @param other whose agent is told
     * @param favoured the member that shall take over
     * @return whether it has taken note
     */
    boolean tell(String other, String favoured) throws InterruptedException;
}
