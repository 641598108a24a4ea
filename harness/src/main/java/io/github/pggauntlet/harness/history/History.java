package io.github.pggauntlet.harness.history;

import java.util.List;

/**
 * Everything the clients of a run did.
 *
 * @param anchor how the run's time relates to the wall clock
 * @param writes the ledger's writes in the order of their completion
 * @param reads the ledger's reads in the order of their completion
 * @param transactions the transactions of the workload beside the ledger, in the order of their completion
 */
public record History(
        TimeAnchor anchor,
        List<Operation.Write> writes,
        List<Operation.Read> reads,
        List<Operation.Transaction> transactions) {

    public History {
        writes = List.copyOf(writes);
        reads = List.copyOf(reads);
        transactions = List.copyOf(transactions);
    }

    /** A history of the ledger alone. */
    public History(TimeAnchor anchor, List<Operation.Write> writes, List<Operation.Read> reads) {
        this(anchor, writes, reads, List.of());
    }
}
