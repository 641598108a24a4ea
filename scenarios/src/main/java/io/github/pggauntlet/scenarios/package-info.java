/**
 * The named stories, the chaos suites, and the command line {@code gauntlet}.
 */
@NullMarked
package io.github.pggauntlet.scenarios;

import org.jspecify.annotations.NullMarked;
