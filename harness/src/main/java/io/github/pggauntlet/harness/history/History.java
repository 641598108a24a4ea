package io.github.pggauntlet.harness.history;

import java.util.List;

/**
 * Everything the clients of a run did.
 *
 * @param anchor how the run's time relates to the wall clock
 * @param writes the writes in the order of their completion
 * @param reads the reads in the order of their completion
 */
public record History(TimeAnchor anchor, List<Operation.Write> writes, List<Operation.Read> reads) {

    public History {
        writes = List.copyOf(writes);
        reads = List.copyOf(reads);
    }
}
