/**
 * Histories made to order: by small model databases that keep, or do not keep, a guarantee, and with chosen anomalies put in.
 * What they are for: a checker that stays silent on the sound ones and speaks on each of the others can be believed; and
 * benchmarks need histories of any size. All from a seed.
 */
@NullMarked
package io.github.pggauntlet.harness.check.model;

import org.jspecify.annotations.NullMarked;
