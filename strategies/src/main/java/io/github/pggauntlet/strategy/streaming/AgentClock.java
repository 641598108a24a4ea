package io.github.pggauntlet.strategy.streaming;

/** The agent's sense of time: nanoseconds that only ever grow, from an origin of its own. */
interface AgentClock {
    long nanos();
}
