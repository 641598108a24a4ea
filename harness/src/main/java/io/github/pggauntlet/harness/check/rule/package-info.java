/**
 * Small rules over what is known of a run: who held what when, timelines, balances, checksums, logs, health, and what a failover
 * has cost. Each takes small values of its own, which an adapter fills from whatever recorded them.
 */
@NullMarked
package io.github.pggauntlet.harness.check.rule;

import org.jspecify.annotations.NullMarked;
