package io.github.pggauntlet.strategy.streaming;

/**
 * Somebody outside the agent who is told how long the member's right to be primary lasts, and who acts when nothing more
 * is told: the agent may be frozen or dead by then.
 */
interface LeaseWatcher {

    /**
     * The lease lasts longer than was told before.
     *
     * @param fenceAt when everything that could acknowledge a write must have been stopped, by the agent's clock
     * @param endsAt when the lease ends at the arbiter at the earliest, by the agent's clock
     */
    void lasts(long fenceAt, long endsAt);

    /** The lease has been given away or has ended, and nothing is left that could acknowledge a write. */
    void over();
}
