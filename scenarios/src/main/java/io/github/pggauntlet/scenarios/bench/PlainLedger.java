package io.github.pggauntlet.scenarios.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** The ledger's check as one writes it first: sets of objects, and every read looks at every row. */
final class PlainLedger {

    private final Map<Integer, Integer> acknowledgedBefore = new HashMap<>();
    private final List<Set<Integer>> reads = new ArrayList<>();

    /** A sound ledger, read as often and spread as evenly as the one it stands beside. */
    static PlainLedger like(int inserts, int reads, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PlainLedger ledger = new PlainLedger();
        Set<Integer> present = new HashSet<>();
        for (int id = 0; id < inserts; id++) {
            if (random.nextInt(100) > 1) {
                present.add(id);
                ledger.acknowledgedBefore.put(id, ledger.reads.size());
            }
            while (ledger.reads.size() < (long) reads * (id + 1) / inserts) {
                ledger.reads.add(new HashSet<>(present));
            }
        }
        return ledger;
    }

    /** Whether every row acknowledged before a read is in it. */
    boolean sound() {
        for (int read = 0; read < reads.size(); read++) {
            for (Map.Entry<Integer, Integer> row : acknowledgedBefore.entrySet()) {
                if (row.getValue() <= read && !reads.get(read).contains(row.getKey())) {
                    return false;
                }
            }
        }
        return true;
    }
}
