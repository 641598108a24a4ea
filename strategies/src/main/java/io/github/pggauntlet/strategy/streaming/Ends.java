package io.github.pggauntlet.strategy.streaming;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often PostgreSQL has lately ended by itself. What a signal has ended, or the agent, says nothing of the data; a server
 * that gives up again and again, as it does at a damaged page that it must replay, does. Safe for use by several threads.
 */
final class Ends {

    private static final Duration LATELY = Duration.ofMinutes(10);
    private static final int SIGNALLED = 128;

    private final AgentClock clock;
    private final Deque<Long> ends = new ArrayDeque<>();
    private boolean expected;

    Ends(AgentClock clock) {
        this.clock = clock;
    }

    /** The server has been started: whatever ends it counts, unless it is {@linkplain #expect expected}. */
    synchronized void started() {
        expected = false;
    }

    /** The agent is about to end the server. */
    synchronized void expect() {
        expected = true;
    }

    /** @param status the exit status; 128 and more if a signal has ended it */
    synchronized void ended(int status) {
        if (!expected && status < SIGNALLED) {
            ends.addLast(clock.nanos());
        }
    }

    /** How many there were lately. */
    synchronized int count() {
        long now = clock.nanos();
        while (!ends.isEmpty() && now - ends.peekFirst() > LATELY.toNanos()) {
            ends.removeFirst();
        }
        return ends.size();
    }

    /** How long ago the last one was; a long time if there was none lately. */
    synchronized Duration sinceLast() {
        return count() == 0 ? LATELY : Duration.ofNanos(clock.nanos() - ends.peekLast());
    }

    /** The data are others. */
    synchronized void forget() {
        ends.clear();
    }
}
