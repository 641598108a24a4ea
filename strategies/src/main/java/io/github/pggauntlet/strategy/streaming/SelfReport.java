package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.Optional;

/** What a member says of itself, found out at each call and never remembered. Safe for use by several threads. */
interface SelfReport {

    /** What it is now. */
    NodeStatus status();

    /** What its PostgreSQL tells about its WAL and itself; empty if it does not answer. */
    Optional<WalState> walState();

    /** How long its lease lasts if it is not renewed; zero when it holds none. */
    Duration leaseLeft();

    /** How long ago its agent's latest step ended. */
    Duration sinceStep();

    /** How long its agent has been running. */
    Duration uptime();
}
