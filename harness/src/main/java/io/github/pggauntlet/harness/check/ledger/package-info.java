/**
 * Rows that are inserted under unique keys and read all together: which are lost, which are there though they must not be?
 *
 * <p>The classes of wrong are told here, each by itself and exactly, also for reads that overlap and for those of standbys.
 * {@link io.github.pggauntlet.harness.check.DurabilityChecker} weighs a run's losses against what was promised.
 */
@NullMarked
package io.github.pggauntlet.harness.check.ledger;

import org.jspecify.annotations.NullMarked;
