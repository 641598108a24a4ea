/**
 * Client sessions over pgjdbc: what they write, how they find the primary, and what they conclude from each answer.
 *
 * <p>Everything goes into one table, the {@linkplain io.github.pggauntlet.harness.workload.Ledger ledger}. Each row has a key
 * that is used once in a run, whatever becomes of its write, so that it can be said of each row who wrote it and whether it
 * has to be there.
 */
@NullMarked
package io.github.pggauntlet.harness.workload;

import org.jspecify.annotations.NullMarked;
