package io.github.pggauntlet.harness.workload;

/** Something that works in a thread of its own until it is told to stop. */
interface Worker {

    /** Works until {@link #stop} is called. */
    void work() throws InterruptedException;

    /** Begins nothing new. Safe to call from any thread. */
    void stop();

    /** Breaks off what it waits for. Safe to call from any thread. */
    void abort();
}
