/** A run: from a plan, through a cluster, a load and faults, to a record and a verdict. */
@NullMarked
package io.github.pggauntlet.harness.run;

import org.jspecify.annotations.NullMarked;
