package io.github.pggauntlet.harness.check.register;

import io.github.pggauntlet.harness.check.register.RegisterReport.Reason;
import io.github.pggauntlet.harness.check.register.RegisterReport.Violation;
import io.github.pggauntlet.harness.check.register.VersionHistory.Entry;
import io.github.pggauntlet.harness.check.register.VersionHistory.Read;
import io.github.pggauntlet.harness.check.register.VersionHistory.Update;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The versions of one row; see {@link VersionChecker}. */
final class VersionChain {

    private final int key;
    private final List<Entry> entries;
    private final TreeMap<Integer, Update> makers = new TreeMap<>();
    private final Map<Long, Update> unplaced = new HashMap<>();
    private final Set<Long> failed = new HashSet<>();

    VersionChain(int key, List<Entry> entries) {
        this.key = key;
        this.entries = entries;
    }

    Optional<Violation> violation() {
        return placeUpdates().or(this::placeReads).or(this::checkExpectations).or(this::checkTimes);
    }

    private Optional<Violation> placeUpdates() {
        for (Entry entry : entries) {
            if (entry instanceof Update update) {
                switch (update.outcome()) {
                    case ACKNOWLEDGED -> {
                        int version = update.version().orElseThrow();
                        Update before = makers.putIfAbsent(version, update);
                        if (before != null) {
                            return told(
                                    Reason.LOST_UPDATE,
                                    "the updates to " + before.value() + " and to " + update.value()
                                            + " both made version " + version);
                        }
                    }
                    case UNKNOWN -> unplaced.put(update.value(), update);
                    case FAILED -> failed.add(update.value());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Violation> placeReads() {
        for (Entry entry : entries) {
            if (entry instanceof Read read && read.version() > 0) {
                Optional<Violation> violation = placeRead(read, read.value().orElseThrow());
                if (violation.isPresent()) {
                    return violation;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Violation> placeRead(Read read, long value) {
        Update maker = makers.get(read.version());
        if (maker == null) {
            Update found = unplaced.remove(value);
            if (found == null) {
                boolean ofFailed = failed.contains(value);
                return told(
                        ofFailed ? Reason.FAILED_BUT_READ : Reason.PHANTOM,
                        "version " + read.version() + " was read with " + value
                                + (ofFailed ? ", whose update had failed" : ", which no update made"));
            }
            makers.put(read.version(), found);
            maker = found;
        }
        if (maker.value() != value) {
            return told(
                    Reason.CONTRADICTION,
                    "version " + read.version() + " was read with " + value + " and is made with " + maker.value());
        }
        if (read.completed() < maker.invoked()) {
            return told(Reason.READ_BEFORE_WRITE, "the value " + value + " was read before its update began");
        }
        return Optional.empty();
    }

    /** What an update expected was there before it, as if it had been read. From the last version to the first. */
    private Optional<Violation> checkExpectations() {
        for (int version = makers.isEmpty() ? 0 : makers.lastKey(); version > 0; version--) {
            Integer known = makers.floorKey(version);
            if (known == null) {
                break;
            }
            version = known;
            Update update = makers.get(version);
            if (update != null && update.expected().isPresent()) {
                long expected = update.expected().getAsLong();
                if (version > 1 && !makers.containsKey(version - 1) && unplaced.containsKey(expected)) {
                    makers.put(version - 1, unplaced.remove(expected));
                }
                Update before = makers.get(version - 1);
                if (before == null || before.value() != expected) {
                    return told(
                            Reason.WRONG_EXPECTATION,
                            "the update to version " + version + " expected " + expected + ", and before it there was "
                                    + (before == null ? "another value" : before.value()));
                }
            }
        }
        return Optional.empty();
    }

    /** Goes through the versions from the last to the first, with the earliest end of anything on a later version. */
    private Optional<Violation> checkTimes() {
        Map<Integer, long[]> spans = new TreeMap<>(Comparator.reverseOrder());
        for (Map.Entry<Integer, Update> made : makers.entrySet()) {
            include(
                    spans,
                    made.getKey(),
                    made.getValue().invoked(),
                    made.getValue().completed());
        }
        for (Entry entry : entries) {
            if (entry instanceof Read read) {
                include(spans, read.version(), read.invoked(), read.completed());
            }
        }
        long[] spare = unplaced.values().stream()
                .filter(update -> update.outcome() == Outcome.UNKNOWN)
                .mapToLong(Update::invoked)
                .sorted()
                .toArray();
        long earliestEnd = Long.MAX_VALUE;
        for (Map.Entry<Integer, long[]> span : spans.entrySet()) {
            int version = span.getKey();
            if (earliestEnd < span.getValue()[0]) {
                return told(
                        Reason.OUT_OF_ORDER,
                        "something on a version after " + version + " had ended before something on version " + version
                                + " began");
            }
            earliestEnd = Math.min(earliestEnd, span.getValue()[1]);
        }
        return spans.isEmpty() ? Optional.empty() : fillHoles(spans, spare);
    }

    private static void include(Map<Integer, long[]> spans, int version, long invoked, long completed) {
        spans.merge(version, new long[] {invoked, completed}, (one, other) ->
                new long[] {Math.max(one[0], other[0]), Math.min(one[1], other[1])});
    }

    /**
     * Holes are filled from the first version on by the spare updates in the order of their beginning. An update fits if it was
     * begun before anything on a later version ended. The limits never decrease, so this finds a way if there is one.
     */
    private Optional<Violation> fillHoles(Map<Integer, long[]> spansFromLast, long[] spare) {
        TreeMap<Integer, long[]> spans = new TreeMap<>(spansFromLast);
        int highest = spans.lastKey();
        List<Map.Entry<Integer, long[]>> versions = List.copyOf(spans.entrySet());
        long[] endFrom = new long[versions.size()];
        long earliest = Long.MAX_VALUE;
        for (int i = endFrom.length - 1; i >= 0; i--) {
            earliest = Math.min(earliest, versions.get(i).getValue()[1]);
            endFrom[i] = earliest;
        }
        int used = 0;
        int previous = 0;
        for (int i = 0; i < endFrom.length; i++) {
            for (int hole = previous + 1; hole < versions.get(i).getKey(); hole++) {
                if (used == spare.length || spare[used] > endFrom[i]) {
                    return told(
                            Reason.UNKNOWN_VERSION,
                            "no update that is known can have made version " + hole + " of " + highest);
                }
                used++;
            }
            previous = versions.get(i).getKey();
        }
        return Optional.empty();
    }

    private Optional<Violation> told(Reason reason, String sentence) {
        return Optional.of(new Violation(key, reason, sentence));
    }
}
