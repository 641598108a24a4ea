package io.github.pggauntlet.strategy.streaming;

/** What keeps a primary whose lease ends from acknowledging writes. */
interface Fence {

    /**
     * The lease is about to end: ends the sessions of clients and those that come meanwhile. Called again and again until
     * the lease is renewed or has ended. May fail, and may take long; nothing rests on it.
     */
    default void turnClientsAway() throws InterruptedException {}

    /**
     * Stops everything that could acknowledge a write, at once. When this returns nothing of it is left.
     *
     * @throws RuntimeException if something is left; it is called again then
     */
    void up();
}
