package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A journal that counts what is recorded in it from now on. */
final class CountedJournal implements Journal {

    private final Journal journal;
    private final Map<Milestone, Long> counts = new EnumMap<>(Milestone.class);
    private final Map<String, Long> rejoins = new TreeMap<>();

    CountedJournal(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void record(Milestone milestone, Map<String, String> details) {
        synchronized (counts) {
            counts.merge(milestone, 1L, Long::sum);
            if (milestone == Milestone.REJOINED) {
                rejoins.merge(details.getOrDefault("way", "unknown"), 1L, Long::sum);
            }
        }
        journal.record(milestone, details);
    }

    @Override
    public List<JournalEntry> after(long sequence) {
        return journal.after(sequence);
    }

    /** How often a step has been recorded. */
    long count(Milestone milestone) {
        synchronized (counts) {
            return counts.getOrDefault(milestone, 0L);
        }
    }

    /** How often the member has come back, by the way it took. */
    Map<String, Long> rejoins() {
        synchronized (counts) {
            return new TreeMap<>(rejoins);
        }
    }
}
