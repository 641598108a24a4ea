package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.reports.ReportModel.Writing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out in one pass when each member acknowledged writes, which shows two writers at a glance. Not safe for use by
 * several threads.
 */
final class WritingSpans {

    /** A shorter break is between two writes, a longer one between two spans. */
    private static final long BREAK = 1_000_000_000;

    /** From here on a member's spans are joined, however long the breaks: a report must stay small. */
    private static final int MOST_SPANS = 500;

    private final Map<Place, List<Writing>> spans = new HashMap<>();

    private record Place(String member, int timeline) {}

    /** Adds a write, of a client or of a probe. Writes must come roughly in the order of their completion. */
    void add(Write write) {
        if (write.outcome() != Outcome.ACKNOWLEDGED || write.node().isEmpty()) {
            return;
        }
        List<Writing> mine =
                spans.computeIfAbsent(new Place(write.node(), write.timeline()), place -> new ArrayList<>());
        long at = write.completed();
        int last = mine.size() - 1;
        if (last >= 0 && (at - mine.get(last).to() <= BREAK || mine.size() >= MOST_SPANS)) {
            Writing span = mine.get(last);
            mine.set(
                    last,
                    new Writing(
                            Math.min(span.from(), at), Math.max(span.to(), at), span.timeline(), span.writes() + 1));
        } else {
            mine.add(new Writing(at, at, write.timeline(), 1));
        }
    }

    /** The members that have acknowledged anything. */
    Set<String> members() {
        Set<String> members = new TreeSet<>();
        spans.keySet().forEach(place -> members.add(place.member()));
        return members;
    }

    /** When this member acknowledged writes, in order. */
    List<Writing> of(String member) {
        return spans.entrySet().stream()
                .filter(entry -> entry.getKey().member().equals(member))
                .flatMap(entry -> entry.getValue().stream())
                .sorted(Comparator.comparingLong(Writing::from))
                .toList();
    }

    /** How many writes this member acknowledged on this timeline. */
    long writes(String member, int timeline) {
        return spans.getOrDefault(new Place(member, timeline), List.of()).stream()
                .mapToLong(Writing::writes)
                .sum();
    }
}
