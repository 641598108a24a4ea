/**
 * What happened during a run, and its record on disk.
 *
 * <p>Two files, both JSON Lines, both appended as things happen: {@code history.jsonl} holds every
 * {@linkplain io.github.pggauntlet.harness.history.Operation operation} of every client, {@code events.jsonl} holds
 * {@linkplain io.github.pggauntlet.harness.history.RunEvent everything else}: phases, faults, what members said of
 * themselves. All times are nanoseconds since the start of the run, by one monotonic clock.
 */
@NullMarked
package io.github.pggauntlet.harness.history;

import org.jspecify.annotations.NullMarked;
