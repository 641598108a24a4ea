package io.github.pggauntlet.strategy.streaming;

/** The agent's sense of time: nanoseconds that only ever grow. */
interface AgentClock {
    long nanos();
}
