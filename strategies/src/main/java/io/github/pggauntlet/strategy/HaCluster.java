package io.github.pggauntlet.strategy;

import java.util.List;
import java.util.Optional;

/**
 * A running cluster, as its operator sees it.
 *
 * <p>Everything here is asked of the machines at the moment of the call; no role is ever cached. Safe for use by several
 * threads.
 */
public interface HaCluster extends AutoCloseable {

    /** How applications reach the cluster. */
    ClientAccess clients();

    /**
     * What each member says of itself now, in the order of the cluster's members. A member that does not answer is
     * reported as {@link NodeRole#UNREACHABLE}; this method does not fail because of it.
     */
    List<NodeStatus> status();

    /**
     * What a member has recorded of its own doings, oldest first.
     *
     * @param member the member's name
     * @param after only entries with a greater {@linkplain JournalEntry#sequence() sequence}; {@code 0} for all that the
     *     member still keeps
     * @return the entries, or an empty list if the member does not answer
     */
    List<JournalEntry> journal(String member, long after);

    /**
     * Hands the primary's role to a standby without losing an acknowledged write. Returns when the hand-over has been
     * ordered; {@link #status()} tells when it is done.
     *
     * @throws HaException if no primary takes the order
     * @throws InterruptedException if the calling thread is interrupted
     */
    void switchover() throws InterruptedException;

    /**
     * Hands the primary's role to a certain standby.
     *
     * @param to that standby; empty to leave the choice to the strategy, as {@link #switchover()} does
     * @throws HaException if no primary takes the order, that standby may not be promoted now, or the strategy lets nobody
     *     choose
     * @throws InterruptedException if the calling thread is interrupted
     */
    default void switchover(Optional<String> to) throws InterruptedException {
        if (to.isPresent()) {
            throw new HaException("Who takes over cannot be chosen here; order a switchover without a target.");
        }
        switchover();
    }

    /**
     * Has a member give up what it has written since it and the others went separate ways, and follow them again. What it has
     * is kept on its machine for salvage first. This is for members that do not do so by themselves, because nobody but an
     * operator can say whose writes are to go.
     *
     * @throws HaException if the member does not take the order; one that comes back by itself never does
     * @throws InterruptedException if the calling thread is interrupted
     */
    default void giveUp(String member) throws InterruptedException {
        throw new HaException(
                member + " comes back by itself; there is nothing that an operator has to give up for it.");
    }

    /** Lets go of what this object holds in this process. The cluster's machines run on. */
    @Override
    void close();
}
