package io.github.pggauntlet.harness.check.model;

import io.github.pggauntlet.harness.check.ledger.LedgerHistory;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.SplittableRandom;

/** A ledger that loses nothing, read from time to time. */
public final class LedgerModel {

    private static final long STEP_NANOS = 1_000;
    private static final int HUNDRED = 100;

    private LedgerModel() {}

    /**
     * A sound history.
     *
     * @param inserts how many; one in a hundred fails, one is of unknown outcome
     * @param reads how many, evenly spread; the last after all inserts
     * @param seed of all that is drawn by lot
     */
    public static LedgerHistory sound(int inserts, int reads, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LedgerHistory.Builder builder = LedgerHistory.builder();
        long[] present = new long[(inserts + Long.SIZE - 1) / Long.SIZE];
        int done = 0;
        for (int id = 0; id < inserts; id++) {
            long at = STEP_NANOS * id;
            int lot = random.nextInt(HUNDRED);
            Outcome outcome = lot == 0 ? Outcome.FAILED : lot == 1 ? Outcome.UNKNOWN : Outcome.ACKNOWLEDGED;
            builder.insert(at, at + STEP_NANOS / 4, outcome);
            if (outcome == Outcome.ACKNOWLEDGED || (outcome == Outcome.UNKNOWN && random.nextBoolean())) {
                present[id / Long.SIZE] |= 1L << id;
            }
            for (; done < (long) reads * (id + 1) / inserts; done++) {
                builder.read("node0", true, at + STEP_NANOS / 2, at + STEP_NANOS - 1, present);
            }
        }
        return builder.build();
    }
}
