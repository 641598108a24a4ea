/** Histories in the forms that users of Jepsen and Elle know, EDN and JSON: written for other checkers, read for ours. */
@NullMarked
package io.github.pggauntlet.harness.interchange;

import org.jspecify.annotations.NullMarked;
