package io.github.pggauntlet.strategy.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The ancestry of a timeline, as in PostgreSQL's {@code .history} files: which timelines came before it, and at which
 * WAL position each was left.
 *
 * @param timeline the timeline whose ancestry this is; at least 1
 * @param switches the timelines before it, oldest first, each with the position where it was left
 */
public record TimelineHistory(int timeline, List<Switch> switches) {

    /**
     * A timeline's end.
     *
     * @param timeline the timeline that was left
     * @param at the position where it was left: the end of the last record that belongs to it
     */
    public record Switch(int timeline, Lsn at) {}

    public TimelineHistory {
        switches = List.copyOf(switches);
        if (timeline < 1) {
            throw new IllegalArgumentException("Timelines count from 1; there is no timeline " + timeline + ".");
        }
        Switch before = new Switch(0, Lsn.INVALID);
        for (Switch change : switches) {
            if (change.timeline() <= before.timeline() || change.timeline() >= timeline) {
                throw new IllegalArgumentException("Ancestors come in ascending order and before the timeline itself,"
                        + " which " + change.timeline() + " does not among those of " + timeline + ".");
            }
            if (change.at().compareTo(before.at()) < 0) {
                throw new IllegalArgumentException("Timeline " + change.timeline() + " was left at " + change.at()
                        + ", which is before it was reached at " + before.at() + ".");
            }
            before = change;
        }
    }

    /** The history of the first timeline: empty. */
    public static TimelineHistory first() {
        return new TimelineHistory(1, List.of());
    }

    /**
     * Reads the content of a {@code .history} file: on each line a timeline, a position and a reason.
     *
     * @throws IllegalArgumentException if a line cannot be understood, or the lines do not make a history
     */
    public static TimelineHistory parse(int timeline, String content) {
        List<Switch> switches = new ArrayList<>();
        for (String line : content.split("\\R")) {
            String entry = line.strip();
            if (entry.isEmpty() || entry.startsWith("#")) {
                continue;
            }
            String[] fields = entry.split("\\s+", 3);
            if (fields.length < 2) {
                throw new IllegalArgumentException("'" + entry + "' is not an entry of a timeline history.");
            }
            try {
                switches.add(new Switch(Integer.parseInt(fields[0]), Lsn.parse(fields[1])));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + entry + "' is not an entry of a timeline history.", e);
            }
        }
        return new TimelineHistory(timeline, switches);
    }

    /** The name of the file in which PostgreSQL keeps the history of a timeline. */
    public static String fileName(int timeline) {
        return String.format(Locale.ROOT, "%08X.history", timeline);
    }

    /** Where this history left {@code ancestor}; empty if it never was on it, or is on it still. */
    public Optional<Lsn> leftAt(int ancestor) {
        return switches.stream()
                .filter(change -> change.timeline() == ancestor)
                .map(Switch::at)
                .findFirst();
    }

    /** Where the timeline begins: where the one before it was left, or where all WAL begins. */
    public Lsn beginning() {
        return switches.isEmpty()
                ? Lsn.INVALID
                : switches.get(switches.size() - 1).at();
    }

    /** Whether this history passes through {@code other}, or ends on it. */
    public boolean contains(int other) {
        return other == timeline || leftAt(other).isPresent();
    }

    /**
     * Whether this history begins as {@code other} does: the same timelines, left at the same positions, up to the last
     * one of {@code other}. Equal timeline numbers are not enough: two nodes may have made the same number independently.
     */
    public boolean continuesFrom(TimelineHistory other) {
        int shared = other.switches().size();
        if (switches.size() < shared || !switches.subList(0, shared).equals(other.switches())) {
            return false;
        }
        int next = switches.size() == shared ? timeline : switches.get(shared).timeline();
        return next == other.timeline();
    }
}
