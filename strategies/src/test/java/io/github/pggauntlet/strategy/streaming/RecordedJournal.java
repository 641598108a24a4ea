package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A journal in memory. */
final class RecordedJournal implements Journal {

    private final String member;
    private final List<JournalEntry> entries = new CopyOnWriteArrayList<>();

    RecordedJournal(String member) {
        this.member = member;
    }

    @Override
    public synchronized void record(Milestone milestone, Map<String, String> details) {
        entries.add(new JournalEntry(entries.size() + 1L, Instant.EPOCH, member, milestone, details));
    }

    @Override
    public List<JournalEntry> after(long sequence) {
        return entries.stream().filter(entry -> entry.sequence() > sequence).toList();
    }

    List<Milestone> milestones() {
        return entries.stream().map(JournalEntry::milestone).toList();
    }
}
