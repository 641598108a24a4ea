/** The command line {@code gauntlet}. */
@NullMarked
package io.github.pggauntlet.scenarios.cli;

import org.jspecify.annotations.NullMarked;
