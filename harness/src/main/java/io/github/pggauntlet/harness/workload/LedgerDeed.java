package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.SessionKind;
import java.util.SplittableRandom;

/** Inserts rows into the ledger. */
final class LedgerDeed implements Deed {

    private final int number;
    private final int rowsMax;
    private final Recorder recorder;
    private final SplittableRandom random;

    /** @param rowsMax 1 for single rows that commit by themselves; otherwise the greatest number of rows in a transaction */
    LedgerDeed(int number, int rowsMax, Recorder recorder, SplittableRandom random) {
        this.number = number;
        this.rowsMax = rowsMax;
        this.recorder = recorder;
        this.random = random;
    }

    @Override
    public boolean autocommit() {
        return rowsMax == 1;
    }

    @Override
    public boolean once(Link link) {
        int keys = rowsMax == 1 ? 1 : random.nextInt(2, rowsMax + 1);
        Recorder.Draft draft = recorder.begin(number, SessionKind.CLIENT, keys);
        Answer answer = rowsMax == 1
                ? link.insertOne(draft.firstKey(), number)
                : link.insertAll(draft.firstKey(), keys, number);
        recorder.end(draft, answer, link.node(), link.timeline());
        // A warning says that something is amiss; an error may have left a transaction open. Both begin anew.
        return answer.outcome() == Outcome.ACKNOWLEDGED;
    }
}
