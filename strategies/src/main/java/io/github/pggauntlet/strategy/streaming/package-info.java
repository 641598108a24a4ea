/**
 * Streaming replication, promotion and rejoin: a {@link io.github.pggauntlet.strategy.streaming.NodeAgent} on each
 * machine observes, decides and acts. It is PostgreSQL's parent process, so a dead postmaster is known at once.
 */
@NullMarked
package io.github.pggauntlet.strategy.streaming;

import org.jspecify.annotations.NullMarked;
