/**
 * Benchmarks: what the harness and a strategy cost, beside the same thing done by hand, in one run and with their ratio.
 *
 * <p>The two sides take turns, so that whatever else the machine does meets both.
 */
@NullMarked
package io.github.pggauntlet.scenarios.bench;

import org.jspecify.annotations.NullMarked;
