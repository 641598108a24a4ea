/**
 * Judges a run: its record in, findings out.
 *
 * <p>Pure: no input or output, no clock, no threads. The same record always gives the same verdict, so a run can be judged
 * again from its folder alone. One {@linkplain io.github.pggauntlet.harness.check.Checker checker}, one class.
 */
@NullMarked
package io.github.pggauntlet.harness.check;

import org.jspecify.annotations.NullMarked;
