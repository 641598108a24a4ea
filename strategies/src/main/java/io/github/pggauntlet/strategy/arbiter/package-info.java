/** Who may be primary: a lease that at most one member holds, and the durable set of members that may be promoted. */
@NullMarked
package io.github.pggauntlet.strategy.arbiter;

import org.jspecify.annotations.NullMarked;
