package io.github.pggauntlet.harness.check.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.session.SessionHistory.Insert;
import io.github.pggauntlet.harness.check.session.SessionHistory.Snapshot;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The guarantees of sessions, against each pair of operations; and one history for each of them that breaks it alone. */
class SessionCheckerProperties {

    private static final int IDS = 5;

    @Property(tries = 5_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theCheckerSaysWhatAllPairsSay(@ForAll long seed) {
        SessionHistory history = any(seed);
        List<Snapshot> reads = history.snapshots();
        SessionReport report = new SessionChecker().check(history);
        BiPredicate<Snapshot, Snapshot> steps =
                (one, other) -> one.completed() < other.invoked() && !includes(other, one);
        BiPredicate<Snapshot, Snapshot> forks = (one, other) -> !includes(other, one) && !includes(one, other);
        assertThat(report.ownWrites().isEmpty())
                .isEqualTo(reads.stream()
                        .noneMatch(read -> history.inserts().stream().anyMatch(insert -> misses(read, insert))));
        assertThat(report.monotonicReads().isEmpty())
                .isEqualTo(none(reads, steps.and((one, other) -> one.session() == other.session())));
        assertThat(report.prefixes().isEmpty())
                .isEqualTo(none(reads, steps.or(forks).and(SessionCheckerProperties::samePlace)));
        assertThat(report.forks().isEmpty())
                .isEqualTo(none(reads, forks.and((one, other) -> one.timeline() == other.timeline())));
    }

    private static SessionHistory any(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SessionHistory.Builder builder = SessionHistory.builder();
        for (int id = 0; id < IDS; id++) {
            builder.insert(random.nextInt(2), id, random.nextInt(40));
        }
        boolean tidy = random.nextInt(4) > 0;
        for (int i = random.nextInt(4); i > 0; i--) {
            long invoked = random.nextInt(50);
            long present = tidy ? (1L << random.nextInt(IDS + 1)) - 1 : random.nextLong(1L << IDS);
            builder.read(
                    random.nextInt(2),
                    "node" + random.nextInt(2),
                    1 + random.nextInt(2),
                    invoked,
                    invoked + random.nextInt(10),
                    new long[] {present});
        }
        return builder.build();
    }

    private static boolean misses(Snapshot read, Insert insert) {
        return insert.session() == read.session() && insert.completed() < read.invoked() && !read.contains(insert.id());
    }

    private static boolean samePlace(Snapshot one, Snapshot other) {
        return one.node().equals(other.node()) && one.timeline() == other.timeline();
    }

    private static boolean includes(Snapshot larger, Snapshot smaller) {
        for (int id = 0; id < IDS; id++) {
            if (smaller.contains(id) && !larger.contains(id)) {
                return false;
            }
        }
        return true;
    }

    private static boolean none(List<Snapshot> reads, BiPredicate<Snapshot, Snapshot> pair) {
        return reads.stream().noneMatch(one -> reads.stream().anyMatch(other -> one != other && pair.test(one, other)));
    }

    @Test
    void anOwnWriteThatALaggingStandbyDoesNotShow() {
        SessionReport report = new SessionChecker()
                .check(SessionHistory.builder()
                        .insert(1, 0, 10)
                        .read(1, "standby", 1, 20, 21, new long[] {0})
                        .build());
        assertThat(report.ownWrites()).containsExactly("session 1 wrote 0 and did not find it on standby");
        assertThat(report.monotonicReads()).isEmpty();
    }

    @Test
    void aReadThatGoesBackInTimeOnAnotherStandby() {
        SessionReport report = new SessionChecker()
                .check(SessionHistory.builder()
                        .read(1, "a", 1, 10, 11, new long[] {1})
                        .read(1, "b", 1, 20, 21, new long[] {0})
                        .build());
        assertThat(report.monotonicReads()).hasSize(1);
        assertThat(report.prefixes()).isEmpty();
        assertThat(report.forks()).isEmpty();
    }

    @Test
    void aServerThatForgets() {
        SessionReport report = new SessionChecker()
                .check(SessionHistory.builder()
                        .read(1, "a", 1, 10, 11, new long[] {1})
                        .read(2, "a", 1, 20, 21, new long[] {0})
                        .build());
        assertThat(report.prefixes()).hasSize(1);
        assertThat(report.monotonicReads()).isEmpty();
    }

    @Test
    void aLongForkOfTwoStandbys() {
        SessionReport report = new SessionChecker()
                .check(SessionHistory.builder()
                        .read(1, "a", 1, 10, 11, new long[] {1})
                        .read(2, "b", 1, 10, 11, new long[] {2})
                        .build());
        assertThat(report.forks())
                .containsExactly("on timeline 1 a showed 0 without 1, and b the latter without the former");
    }
}
