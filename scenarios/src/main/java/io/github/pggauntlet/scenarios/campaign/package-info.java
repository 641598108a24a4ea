/** Campaigns: many runs of random faults, one after the other, and what came of all of them together. */
@NullMarked
package io.github.pggauntlet.scenarios.campaign;

import org.jspecify.annotations.NullMarked;
