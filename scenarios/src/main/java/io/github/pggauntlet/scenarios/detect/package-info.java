/** What the harness can see: strategies broken on purpose, how each is looked for, and whether it was found. */
@NullMarked
package io.github.pggauntlet.scenarios.detect;

import org.jspecify.annotations.NullMarked;
