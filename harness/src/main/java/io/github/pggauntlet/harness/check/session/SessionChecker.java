package io.github.pggauntlet.harness.check.session;

import io.github.pggauntlet.harness.check.session.SessionHistory.Insert;
import io.github.pggauntlet.harness.check.session.SessionHistory.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Do sessions read their writes, does time not run backwards for them, and do servers show one history?
 *
 * <p>A read comes after another, or after a write, if it began when that had ended. A server replays commits in one order, so
 * whatever it shows within a timeline are states of which each contains the ones before: sorted by size, it suffices that each
 * is contained in the next. The same holds for several servers together, unless visibility follows another order on the
 * primary than on a standby, as it does in PostgreSQL, which makes long forks. None of the four is promised by standbys that
 * lag; whoever promises one is held to it.
 *
 * <p>O(w log w + r · s + r log r + r · n / 64) for w writes, s of them in a session, and r reads of n ids. Each breach names the earliest state that shows it, so not
 * every pair is told.
 *
 * <p>Source: Terry and others, Session Guarantees for Weakly Consistent Replicated Data (1994).
 */
public final class SessionChecker {

    /** A checker. */
    public SessionChecker() {}

    /** Checks a history. */
    public SessionReport check(SessionHistory history) {
        List<String> prefixes = new ArrayList<>();
        grouped(history, read -> read.node() + " on timeline " + read.timeline())
                .forEach((place, reads) -> {
                    lookForSteps(reads, place, prefixes);
                    lookForForks(reads, prefixes);
                });
        List<String> forks = new ArrayList<>();
        grouped(history, Snapshot::timeline).forEach((timeline, reads) -> lookForForks(reads, forks));
        List<String> monotonic = new ArrayList<>();
        grouped(history, Snapshot::session)
                .forEach((session, reads) -> lookForSteps(reads, "session " + session, monotonic));
        return new SessionReport(ownWrites(history), monotonic, prefixes, forks);
    }

    private static <K> Map<K, List<Snapshot>> grouped(SessionHistory history, Function<Snapshot, K> by) {
        return history.snapshots().stream().collect(Collectors.groupingBy(by));
    }

    private static List<String> ownWrites(SessionHistory history) {
        Map<Integer, List<Insert>> bySession = new HashMap<>();
        history.inserts().stream()
                .sorted(Comparator.comparingLong(Insert::completed))
                .forEach(insert -> bySession
                        .computeIfAbsent(insert.session(), session -> new ArrayList<>())
                        .add(insert));
        List<String> breaches = new ArrayList<>();
        for (Snapshot read : history.snapshots()) {
            for (Insert insert : bySession.getOrDefault(read.session(), List.of())) {
                if (insert.completed() >= read.invoked()) {
                    break;
                }
                if (!read.contains(insert.id())) {
                    breaches.add("session " + read.session() + " wrote " + insert.id() + " and did not find it on "
                            + read.node());
                    break;
                }
            }
        }
        return breaches;
    }

    /**
     * Each read must contain all reads that ended before it began. It suffices to compare with the greatest of them by size if
     * those form a chain, which they need not; so the union is kept.
     */
    private static void lookForSteps(List<Snapshot> reads, String who, List<String> breaches) {
        List<Snapshot> byEnd = reads.stream()
                .sorted(Comparator.comparingLong(Snapshot::completed))
                .toList();
        List<Snapshot> byBeginning = reads.stream()
                .sorted(Comparator.comparingLong(Snapshot::invoked))
                .toList();
        Union seen = new Union();
        int next = 0;
        for (Snapshot read : byBeginning) {
            for (; next < byEnd.size() && byEnd.get(next).completed() < read.invoked(); next++) {
                seen.add(byEnd.get(next));
            }
            int missing = seen.firstNotIn(read);
            if (missing >= 0) {
                breaches.add(who + " had shown " + missing + " and did not show it to the read of " + read.node()
                        + " that began at " + read.invoked() + " ns");
            }
        }
    }

    private static void lookForForks(List<Snapshot> reads, List<String> breaches) {
        List<Snapshot> bySize =
                reads.stream().sorted(Comparator.comparingInt(Snapshot::size)).toList();
        for (int i = 1; i < bySize.size(); i++) {
            Snapshot smaller = bySize.get(i - 1);
            Snapshot larger = bySize.get(i);
            int missing = smaller.firstNotIn(larger);
            if (missing >= 0) {
                breaches.add("on timeline " + larger.timeline() + " " + smaller.node() + " showed " + missing
                        + " without " + larger.firstNotIn(smaller) + ", and " + larger.node()
                        + " the latter without the"
                        + " former");
            }
        }
    }

    /** All ids that some reads have seen. */
    private static final class Union {

        private final List<Snapshot> maximal = new ArrayList<>();

        /** Reads that form a chain leave one behind; only where they do not are there more. */
        void add(Snapshot read) {
            maximal.removeIf(known -> known.firstNotIn(read) < 0);
            if (maximal.stream().noneMatch(known -> read.firstNotIn(known) < 0)) {
                maximal.add(read);
            }
        }

        int firstNotIn(Snapshot read) {
            return maximal.stream()
                    .mapToInt(known -> known.firstNotIn(read))
                    .filter(missing -> missing >= 0)
                    .findFirst()
                    .orElse(-1);
        }
    }
}
