/** Growing arrays, maps and sorting on primitive types, for histories of millions of operations. Pure. */
@NullMarked
package io.github.pggauntlet.harness.check.primitive;

import org.jspecify.annotations.NullMarked;
