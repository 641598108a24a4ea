/**
 * The chaos harness: builds a cluster of real PostgreSQL servers, loads it, breaks it, records what every client saw,
 * and judges the record against what the strategy promised.
 *
 * <p>It knows strategies only through {@code io.github.pggauntlet.strategy}; how a run is shown to a person is the
 * reports module's part.
 */
@NullMarked
package io.github.pggauntlet.harness;

import org.jspecify.annotations.NullMarked;
