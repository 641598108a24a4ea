/**
 * The decisions of a cluster's members, as pure functions: a view in, a decision out. No input or output, no clock, no
 * threads.
 */
@NullMarked
package io.github.pggauntlet.strategy.decision;

import org.jspecify.annotations.NullMarked;
