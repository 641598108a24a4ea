package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A member's own PostgreSQL, as its agent handles it. Failures are {@link io.github.pggauntlet.strategy.HaException}s;
 * the step that failed is then tried again when it is decided upon again.
 */
interface Server {

    /** What it does now. */
    ServerView observe() throws InterruptedException;

    /** Whether its first process lives, without asking it anything. */
    boolean running();

    /** The member it was last told to stream from. */
    Optional<String> upstream();

    /** The gate in force. */
    Gate gate();

    /**
     * Starts the cluster's first server on a new data directory, its gate closed, with the roles that clients need; or, if
     * it runs already since an earlier call has broken off, does what is left of that.
     */
    void bootstrap() throws InterruptedException;

    /** Whether the data are what a bootstrap has left that the cluster's record is not known to speak of. */
    boolean unrecorded() throws InterruptedException;

    /** The identity of the data. */
    String systemIdentifier() throws InterruptedException;

    /**
     * Starts PostgreSQL as a standby, its gate closed for the case that it is promoted.
     *
     * @param upstream the member to stream from, if there is a primary
     */
    void startStandby(Optional<String> upstream) throws InterruptedException;

    /**
     * Starts PostgreSQL, which was the primary until it ended by itself, as that primary and behind the gate that was in
     * force.
     */
    void restartPrimary() throws InterruptedException;

    /** Makes a running standby stream from a member. */
    void follow(String upstream) throws InterruptedException;

    /** Makes a running standby stream from nobody. Returns when it has been told; {@link #observe()} tells when it has. */
    void detach() throws InterruptedException;

    /** Tells a running standby, its gate closed, to leave recovery. Returns at once; the gate may be changed meanwhile. */
    void beginPromotion() throws InterruptedException;

    /**
     * Waits until a standby that was told to leave recovery has done so.
     *
     * @return the timeline it is on then
     */
    int awaitPromoted(Duration limit) throws InterruptedException;

    /** Sees to it that each of these members has a replication slot. */
    void ensureSlots(List<String> members) throws InterruptedException;

    /** Puts a gate in force. */
    void apply(Gate gate) throws InterruptedException;

    /**
     * With the gate closed: waits until a commit has been seen to wait, then puts another gate in force.
     *
     * @return a position behind which everything lies that was acknowledged without waiting
     */
    Lsn mark(Gate gate, Duration limit) throws InterruptedException;

    /**
     * Has a little WAL written, so that the standbys answer. Commits that wait are let through when an answer comes, not
     * when the gate changes; and while all clients wait there is nothing else to answer, so they would wait until the
     * standby next reports by itself.
     */
    void nudge() throws InterruptedException;

    /** Makes a checkpoint. */
    void checkpoint() throws InterruptedException;

    /** Whether the control file names the timeline that the running primary is on. */
    boolean rewindReady() throws InterruptedException;

    /**
     * What a server says of itself over a replication connection.
     *
     * @param systemIdentifier the identity of its data
     * @param history the ancestry of its timeline
     * @param oldestWal where the oldest WAL begins that it still has, if that is known
     */
    record Identity(String systemIdentifier, TimelineHistory history, Optional<Lsn> oldestWal) {}

    /** Stops PostgreSQL in good order; nothing of it is left when this returns. */
    void stop() throws InterruptedException;

    /** Kills PostgreSQL; nothing of it is left when this returns. */
    void kill();
}
