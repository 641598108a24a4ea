package io.github.pggauntlet.strategy.streaming;

/** Where the agent's long steps run while it goes on looking around. */
interface Background {

    /** A long step. */
    interface Task {
        void run() throws InterruptedException;
    }

    /** Starts a step that keeps the agent from making others until it has ended. */
    void start(String name, Task task);

    /** Starts a step that does not. */
    void startAside(String name, Task task);

    /** Whether a step is under way that keeps the agent from making others. */
    boolean busy();
}
