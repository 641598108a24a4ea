package io.github.pggauntlet.strategy.streaming;

import java.time.Duration;

/** Tells how long an agent has been running and when it last made a step. Safe for use by several threads. */
final class Heartbeat {

    private final AgentClock clock;
    private final long started;
    private volatile long stepped;

    Heartbeat(AgentClock clock) {
        this.clock = clock;
        this.started = clock.nanos();
        this.stepped = started;
    }

    /** A step has ended. */
    void beat() {
        stepped = clock.nanos();
    }

    Duration sinceStep() {
        return Duration.ofNanos(clock.nanos() - stepped);
    }

    Duration uptime() {
        return Duration.ofNanos(clock.nanos() - started);
    }
}
