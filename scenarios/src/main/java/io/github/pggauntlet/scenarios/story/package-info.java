/** The named stories. */
@NullMarked
package io.github.pggauntlet.scenarios.story;

import org.jspecify.annotations.NullMarked;
