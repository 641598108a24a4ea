package io.github.pggauntlet.strategy.arbiter;

import io.github.pggauntlet.strategy.decision.Succession;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps the facts about a cluster on which everybody must agree: who holds the right to be primary, and who may be
 * promoted.
 *
 * <p>Every answer is linearizable. Every method fails with {@link ArbiterException} when no answer came within the time
 * allowed; a change that was asked for may then have been made or not, and may still be made, but not any more once
 * {@link #read()} has returned: what it returns is what later decisions can rest on. Safe for use by several threads.
 */
public interface Arbiter extends AutoCloseable {

    /** Reads all facts at one moment. */
    ClusterRecord read() throws InterruptedException;

    /**
     * Takes the lease, if nobody holds it and nothing has changed since {@code seen} was read.
     *
     * @param member who takes it
     * @param seen the facts on which the decision to take it rests
     * @return the lease, or empty if somebody else was faster or the facts have changed
     */
    Optional<Lease> acquire(String member, ClusterRecord seen, Duration duration) throws InterruptedException;

    /**
     * Extends the lease by its duration from now.
     *
     * @return whether the lease was still held; {@code false} is final
     */
    boolean renew(Lease lease) throws InterruptedException;

    /** Gives the lease back. Nothing happens if it is no longer held. */
    void release(Lease lease) throws InterruptedException;

    /**
     * Records who may be promoted, and on what condition, if the lease is still held.
     *
     * @return whether it was recorded
     */
    boolean recordSuccession(Lease lease, Succession succession) throws InterruptedException;

    /**
     * Records the identity of the cluster's data, once and for all, with the lease's holder as the only promotable member, on
     * timeline 1, if the lease is still held and no identity has been recorded.
     *
     * @return whether it was recorded
     */
    boolean recordSystem(Lease lease, String systemIdentifier) throws InterruptedException;

    /** Calls {@code listener} soon after the holder of the lease has changed. Calls may be missed; readers must look too. */
    void onChange(Runnable listener);

    @Override
    void close();
}
