/**
 * Strategies broken on purpose. Each claims what the sound {@code streaming} keeps, and each makes a mistake that is known
 * from the field. A harness that does not turn red on them proves nothing.
 */
@NullMarked
package io.github.pggauntlet.scenarios.broken;

import org.jspecify.annotations.NullMarked;
