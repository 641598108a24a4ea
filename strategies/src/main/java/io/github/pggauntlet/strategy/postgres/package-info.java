/** What PostgreSQL is: WAL positions, timelines, the control file, and the operations on a data directory. */
@NullMarked
package io.github.pggauntlet.strategy.postgres;

import org.jspecify.annotations.NullMarked;
