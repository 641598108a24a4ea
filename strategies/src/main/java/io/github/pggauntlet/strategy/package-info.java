/**
 * High-availability strategies for PostgreSQL behind one interface.
 *
 * <p>{@link io.github.pggauntlet.strategy.HaStrategy} is the service-provider interface: what a strategy is called, what
 * it promises, what it needs, and how it is installed on {@linkplain io.github.pggauntlet.strategy.host.Host machines}.
 */
@NullMarked
package io.github.pggauntlet.strategy;

import org.jspecify.annotations.NullMarked;
