package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.util.List;
import java.util.Map;

/** Where a member records its own doings. Safe for use by several threads. */
interface Journal {

    /** Records a step that has just been made. */
    void record(Milestone milestone, Map<String, String> details);

    /** Records a step without details. */
    default void record(Milestone milestone) {
        record(milestone, Map.of());
    }

    /** The entries after a sequence number, oldest first; at most a few thousand at once. */
    List<JournalEntry> after(long sequence);
}
