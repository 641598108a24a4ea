/**
 * Transactions that append to lists and read them: which anomalies does their history show, and which isolation level does
 * it still allow?
 *
 * <p>Every appended value is unique, and an append returns its place in the list, so that the order of versions is known
 * even of values nobody read. With it, checking is a search for cycles and takes linear time.
 */
@NullMarked
package io.github.pggauntlet.harness.check.append;

import org.jspecify.annotations.NullMarked;
