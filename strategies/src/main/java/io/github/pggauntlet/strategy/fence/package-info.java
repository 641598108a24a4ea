/**
 * Proof of death. Who hears nothing of another machine does not know whether that is dead or merely not heard; a fence device
 * makes it dead and says so. Where two machines have no third opinion, that is the only way to go on without losing anything.
 */
@NullMarked
package io.github.pggauntlet.strategy.fence;

import org.jspecify.annotations.NullMarked;
