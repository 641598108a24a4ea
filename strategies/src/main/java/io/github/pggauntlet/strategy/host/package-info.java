/** Ways to reach a machine. {@link io.github.pggauntlet.strategy.host.Host} is the only door to one. */
@NullMarked
package io.github.pggauntlet.strategy.host;

import org.jspecify.annotations.NullMarked;
