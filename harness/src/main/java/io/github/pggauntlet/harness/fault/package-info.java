/**
 * Faults, and how they are made and healed.
 *
 * <p>A {@link io.github.pggauntlet.harness.fault.Fault} is a value that says what shall break; the
 * {@link io.github.pggauntlet.harness.fault.Injector} breaks it, makes sure that it is broken, and hands back an
 * {@link io.github.pggauntlet.harness.fault.ActiveFault} to heal it by. A new kind of fault is one record in
 * {@code Fault} and one entry in the injector.
 */
@NullMarked
package io.github.pggauntlet.harness.fault;

import org.jspecify.annotations.NullMarked;
