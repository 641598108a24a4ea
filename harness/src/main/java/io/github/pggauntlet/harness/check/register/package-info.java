/** Registers that are read and written: is there an order of the operations that explains what everybody saw, in real time? */
@NullMarked
package io.github.pggauntlet.harness.check.register;

import org.jspecify.annotations.NullMarked;
