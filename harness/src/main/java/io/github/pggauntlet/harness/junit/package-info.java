/**
 * What other people's tests use: schedules of faults as arbitraries of jqwik. Whoever uses this package has jqwik on the class path;
 * nobody else needs it.
 */
@NullMarked
package io.github.pggauntlet.harness.junit;

import org.jspecify.annotations.NullMarked;
