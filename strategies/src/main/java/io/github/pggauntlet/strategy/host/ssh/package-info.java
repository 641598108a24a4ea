/**
 * A machine that is reached over SSH. Needs Apache MINA SSHD on the class path, which nothing else here does; so it is a
 * package of its own.
 */
@NullMarked
package io.github.pggauntlet.strategy.host.ssh;

import org.jspecify.annotations.NullMarked;
