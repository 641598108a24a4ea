package io.github.pggauntlet.strategy.streaming;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** Where the agent's long steps run while it goes on looking around, and where it asks one while it asks another. */
interface Background {

    /** A long step. */
    interface Task {
        void run() throws InterruptedException;
    }

    /** Starts a step that keeps the agent from making others until it has ended. */
    void start(String name, Task task);

    /** Starts a step that does not. */
    void startAside(String name, Task task);

    /** Asks something; the answer comes when the question's own limits allow. */
    <T> Future<T> ask(Callable<T> question);

    /** Whether a step is under way that keeps the agent from making others. */
    boolean busy();
}
