package io.github.pggauntlet.strategy;

import java.time.Instant;
import java.util.Map;

/**
 * One step a member has recorded of its own doings.
 *
 * @param sequence strictly increasing within a member, across restarts of its agent and its machine; starts at 1
 * @param at when, by the member's clock
 * @param member the member's name
 * @param milestone what
 * @param details what else there is to know, for example the way of a rejoin and the reason for it; never a secret
 */
public record JournalEntry(long sequence, Instant at, String member, Milestone milestone, Map<String, String> details) {

    public JournalEntry {
        details = Map.copyOf(details);
    }
}
