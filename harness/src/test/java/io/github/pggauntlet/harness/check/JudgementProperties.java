package io.github.pggauntlet.harness.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.History;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Operation.Read;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.strategy.LossBound;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Histories of a tiny sound database are never called broken; one seeded anomaly always is. It is long because the database that
 * makes the histories stands here too: it serves nobody else, and what is seeded can be read beside it.
 */
class JudgementProperties {

    private static final TimeAnchor ANCHOR = new TimeAnchor(Instant.EPOCH);

    /**
     * One step of the sound database.
     *
     * @param failsOver before the write, the other member becomes primary
     * @param survives whether a write of unknown outcome was committed
     * @param readAfter whether a proven read follows
     */
    record Step(boolean failsOver, int keys, Outcome outcome, boolean survives, boolean readAfter) {}

    /** What the sound database did. */
    private static final class Sound {

        private final List<Write> writes = new ArrayList<>();
        private final List<Read> reads = new ArrayList<>();
        private final KeySet.Builder rows = new KeySet.Builder();
        private int timeline = 1;
        private long now = 100;

        Sound(List<Step> steps) {
            long key = 1;
            for (Step step : steps) {
                timeline += step.failsOver() ? 1 : 0;
                writes.add(write(key, step.keys(), step.outcome(), node(timeline), timeline, now, now + 5));
                if (step.outcome() == Outcome.ACKNOWLEDGED || (step.outcome() == Outcome.UNKNOWN && step.survives())) {
                    rows.addRange(key, step.keys());
                }
                key += step.keys();
                now += 10;
                if (step.readAfter()) {
                    read(Occasion.INTERIM, rows.build());
                }
            }
        }

        Sound probed() {
            writes.add(probe(9000, "a", 1));
            writes.add(probe(9001, "b", 2));
            return this;
        }

        Sound read(Occasion occasion, KeySet keys) {
            reads.add(new Read(
                    node(timeline), occasion, now, now + 5, timeline, true, keys, 0, keys.size(), "" + keys, ""));
            now += 10;
            return this;
        }

        Sound end(KeySet rowsInTheEnd) {
            read(Occasion.FINAL, rowsInTheEnd);
            timeline++;
            return read(Occasion.AFTER_ONE_MORE_FAILOVER, rowsInTheEnd);
        }

        Sound end() {
            return end(rows.build());
        }

        RunRecord record() {
            return new RunRecord(new History(ANCHOR, writes, reads), List.of(), Story.promising(LossBound.none()));
        }

        Write any(Outcome outcome, int minimumKeys, int choice) {
            List<Write> candidates = writes.stream()
                    .filter(write -> write.outcome() == outcome && write.keys() >= minimumKeys)
                    .toList();
            Assume.that(!candidates.isEmpty());
            return candidates.get(Math.floorMod(choice, candidates.size()));
        }
    }

    @Property
    void aSoundRunIsKept(@ForAll("steps") List<Step> steps) {
        Sound sound = new Sound(steps).probed().end();
        sound.any(Outcome.ACKNOWLEDGED, 1, 0);
        assertThat(durability(sound).finding().outcome()).isEqualTo(Ruling.KEPT);
        assertThat(writers(sound).finding().outcome()).isEqualTo(Ruling.KEPT);
        assertThat(writers(sound).measures().writersMax()).isEqualTo(1);
    }

    @Property
    void aLostWriteIsFound(@ForAll("steps") List<Step> steps, @ForAll int choice) {
        Sound sound = new Sound(steps);
        Write lost = sound.any(Outcome.ACKNOWLEDGED, 1, choice);
        sound.end(sound.rows.build().minus(KeySet.range(lost.firstKey(), lost.keys())));
        assertBroken(sound);
        assertThat(durability(sound).measures().lost()).isEqualTo(1);
        assertThat(durability(sound).finding().evidence().get(0).writes()).containsExactly(lost);
    }

    @Property
    void aTornTransactionIsFound(@ForAll("steps") List<Step> steps, @ForAll int choice) {
        Sound sound = new Sound(steps);
        Write torn = sound.any(Outcome.UNKNOWN, 2, choice);
        KeySet whole = KeySet.range(torn.firstKey(), torn.keys());
        assertBroken(sound.end(sound.rows.build().minus(whole).or(KeySet.of(torn.lastKey()))));
    }

    @Property
    void aFailedWriteThatAppearsIsFound(@ForAll("steps") List<Step> steps, @ForAll int choice) {
        Sound sound = new Sound(steps);
        Write failed = sound.any(Outcome.FAILED, 1, choice);
        assertBroken(sound.end(sound.rows.build().or(KeySet.range(failed.firstKey(), failed.keys()))));
    }

    @Property
    void aPhantomIsFound(@ForAll("steps") List<Step> steps) {
        Sound sound = new Sound(steps);
        assertBroken(sound.end(sound.rows.build().or(KeySet.of(5000))));
    }

    @Property
    void aWriteOnAnOldTimelineIsASecondWriter(@ForAll("steps") List<Step> steps, @ForAll int choice) {
        Sound sound = new Sound(steps).probed();
        Write newer = sound.any(Outcome.ACKNOWLEDGED, 1, choice);
        Assume.that(newer.timeline() > 1);
        int older = newer.timeline() - 1;
        sound.writes.add(
                write(8000, 1, Outcome.ACKNOWLEDGED, node(older), older, newer.completed() + 1, newer.completed() + 2));
        assertThat(writers(sound).finding().outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(writers(sound).measures().writersMax()).isGreaterThanOrEqualTo(2);
    }

    @Property
    void durabilityIsThatOfTheObviousImplementation(
            @ForAll("anyWrites") List<Write> writes, @ForAll("anyReads") List<Read> reads) {
        List<Write> distinct = rekeyed(writes);
        RunRecord run =
                new RunRecord(new History(ANCHOR, distinct, reads), List.of(), Story.promising(LossBound.none()));
        Checker.Result result = new DurabilityChecker().check(run);
        Reference reference = new Reference(distinct, reads);
        assertThat(result.finding().outcome() == Ruling.BROKEN)
                .as(result.finding().toString())
                .isEqualTo(reference.broken());
        assertThat(result.measures().lost()).isEqualTo(reference.lost());
    }

    @Property
    void singleWriterIsThatOfTheObviousImplementation(@ForAll("anyWrites") List<Write> writes) {
        RunRecord run =
                new RunRecord(new History(ANCHOR, writes, List.of()), List.of(), Story.promising(LossBound.none()));
        Checker.Result result = new SingleWriterChecker().check(run);
        assertThat(result.finding().outcome() == Ruling.BROKEN).isEqualTo(twoWriters(writes));
        assertThat(result.measures().writersMax() > 1).isEqualTo(twoWriters(writes));
    }

    /** A million rows and three hundred reads: the aim is one second. */
    @Example
    void aMillionRowsAndHundredsOfReadsTakeAboutASecond() {
        int writes = 800_000;
        List<Write> all = new ArrayList<>(writes);
        List<Read> reads = new ArrayList<>();
        long key = 1;
        KeySet.Builder rows = new KeySet.Builder();
        for (int i = 1; i <= writes; i++) {
            int keys = i % 4 == 0 ? 2 : 1;
            boolean lost = i % 1000 == 0;
            all.add(write(
                    key, keys, lost ? Outcome.UNKNOWN : Outcome.ACKNOWLEDGED, "a", 1, i * 1000L, i * 1000L + 3500));
            if (!lost) {
                rows.addRange(key, keys);
            }
            key += keys;
            if (i % (writes / 300) == 0) {
                reads.add(new Read(
                        "a",
                        Occasion.INTERIM,
                        i * 1000L + 3600,
                        i * 1000L + 9000,
                        1,
                        true,
                        rows.build(),
                        0,
                        0,
                        "",
                        ""));
            }
        }
        KeySet end = rows.build();
        reads.add(new Read("a", Occasion.FINAL, 1L << 40, 1L << 40, 1, true, end, 0, end.size(), "", ""));
        reads.add(new Read(
                "b", Occasion.AFTER_ONE_MORE_FAILOVER, 1L << 41, 1L << 41, 2, true, end, 0, end.size(), "", ""));
        RunRecord run = new RunRecord(new History(ANCHOR, all, reads), List.of(), Story.promising(LossBound.none()));
        long begin = System.nanoTime();
        Checker.Result result = new DurabilityChecker().check(run);
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf("durability: %d rows, %d reads in %.2f s%n", key - 1, reads.size(), seconds);
        assertThat(result.finding().outcome()).as(result.finding().sentence()).isEqualTo(Ruling.KEPT);
        assertThat(seconds).isLessThan(10);
    }

    /** The rules, word by word, without a thought for speed. */
    private record Reference(List<Write> writes, List<Read> reads) {

        boolean broken() {
            return lost() > 0 || vanishedOrResurrected() || tooMany();
        }

        long lost() {
            Set<Long> lost = new HashSet<>();
            proven().forEach(read -> lost.addAll(lostIn(read)));
            return writes.stream()
                    .filter(write -> write.outcome() == Outcome.ACKNOWLEDGED)
                    .filter(write -> keys(write).stream().anyMatch(lost::contains))
                    .count();
        }

        private Set<Long> lostIn(Read read) {
            Set<Long> lost = new HashSet<>();
            for (Write write : writes) {
                boolean due = write.outcome() == Outcome.ACKNOWLEDGED
                        && write.completed() < read.invoked()
                        && (read.occasion() != Occasion.INTERIM || write.timeline() <= read.timeline());
                for (long key : keys(write)) {
                    if (due && !read.keys().contains(key)) {
                        lost.add(key);
                    }
                }
            }
            return lost;
        }

        private boolean vanishedOrResurrected() {
            Set<Long> seen = new HashSet<>();
            Set<Long> missed = new HashSet<>();
            boolean found = false;
            for (Read read : proven()) {
                for (long key = 0; key < 100; key++) {
                    found |= missed.contains(key) && read.keys().contains(key);
                    if (read.occasion() != Occasion.INTERIM
                            && seen.contains(key)
                            && !read.keys().contains(key)) {
                        missed.add(key);
                        found = true;
                    }
                }
                missed.addAll(lostIn(read));
                read.keys().stream().forEach(seen::add);
            }
            return found;
        }

        private boolean tooMany() {
            boolean found = false;
            for (Read read : reads) {
                Set<Long> begun = new HashSet<>();
                for (Write write : writes) {
                    long there =
                            keys(write).stream().filter(read.keys()::contains).count();
                    found |= there > 0 && write.outcome() == Outcome.FAILED;
                    found |= there > 0 && there < write.keys();
                    if (write.invoked() <= read.completed()) {
                        begun.addAll(keys(write));
                    }
                }
                found |= read.keys().stream().anyMatch(key -> !begun.contains(key));
            }
            return found;
        }

        private List<Read> proven() {
            return reads.stream()
                    .filter(Read::proven)
                    .sorted(java.util.Comparator.comparingLong(Read::invoked))
                    .toList();
        }

        private static List<Long> keys(Write write) {
            return KeySet.range(write.firstKey(), write.keys()).stream().boxed().toList();
        }
    }

    private static boolean twoWriters(List<Write> all) {
        List<Write> acked = all.stream()
                .filter(write -> write.outcome() == Outcome.ACKNOWLEDGED)
                .toList();
        for (Write a : acked) {
            for (Write b : acked) {
                boolean others = !a.node().equals(b.node());
                if (others && a.timeline() == b.timeline()) {
                    return true;
                }
                if (others && a.timeline() < b.timeline() && a.invoked() > b.completed()) {
                    return true;
                }
                for (Write a2 : acked) {
                    for (Write b2 : acked) {
                        if (others
                                && sameTerm(a, a2)
                                && sameTerm(b, b2)
                                && Math.max(a.completed(), b.completed()) < Math.min(a2.invoked(), b2.invoked())) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private static boolean sameTerm(Write one, Write other) {
        return one.node().equals(other.node()) && one.timeline() == other.timeline();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Boolean> seldom = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.just(false)), net.jqwik.api.Tuple.of(1, Arbitraries.just(true)));
        return Combinators.combine(
                        seldom,
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.of(Outcome.class),
                        Arbitraries.of(true, false),
                        seldom)
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<Write>> anyWrites() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(Outcome.ACKNOWLEDGED, Outcome.ACKNOWLEDGED, Outcome.UNKNOWN, Outcome.FAILED),
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.longs().between(0, 60),
                        Arbitraries.longs().between(0, 20))
                .as((keys, outcome, node, timeline, at, lasts) ->
                        write(1, keys, outcome, node, timeline, at, at + lasts))
                .list()
                .ofMaxSize(7);
    }

    @Provide
    Arbitrary<List<Read>> anyReads() {
        // Whole runs of keys more often than not, or every history would be torn.
        Arbitrary<KeySet> keys = Combinators.combine(
                        Arbitraries.longs().between(1, 8), Arbitraries.longs().between(0, 14))
                .as((first, count) -> first <= 6 ? KeySet.range(1, count) : KeySet.range(first, count));
        return Combinators.combine(
                        Arbitraries.of(Occasion.class),
                        Arbitraries.longs().between(0, 100),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(true, true, false),
                        keys)
                .as((occasion, at, timeline, proven, rows) ->
                        new Read("a", occasion, at, at + 3, timeline, proven, rows, 0, rows.size(), "", ""))
                .list()
                .ofMaxSize(4);
    }

    private static List<Write> rekeyed(List<Write> writes) {
        List<Write> distinct = new ArrayList<>();
        long key = 1;
        for (Write each : writes) {
            distinct.add(write(
                    key, each.keys(), each.outcome(), each.node(), each.timeline(), each.invoked(), each.completed()));
            key += each.keys();
        }
        return distinct;
    }

    private static void assertBroken(Sound sound) {
        assertThat(durability(sound).finding().outcome()).isEqualTo(Ruling.BROKEN);
    }

    private static Checker.Result durability(Sound sound) {
        return new DurabilityChecker().check(sound.record());
    }

    private static Checker.Result writers(Sound sound) {
        return new SingleWriterChecker().check(sound.record());
    }

    private static String node(int timeline) {
        return timeline % 2 == 1 ? "a" : "b";
    }

    private static Write probe(long key, String node, int session) {
        return new Write(key, session, SessionKind.PROBE, key, 1, 1, 2, Outcome.FAILED, "25006", node, 0, "read-only");
    }

    private static Write write(
            long key, int keys, Outcome outcome, String node, int timeline, long invoked, long completed) {
        return new Operation.Write(
                key, 1, SessionKind.CLIENT, key, keys, invoked, completed, outcome, "", node, timeline, "");
    }
}
