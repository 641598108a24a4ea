package io.github.pggauntlet.harness.check.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The sweep over a ledger says what its definitions say, word for word. */
class LedgerProperties {

    record Insert(long invoked, long completed, Outcome outcome) {}

    record Seen(boolean authoritative, long invoked, long completed, KeySet keys, KeySet twice) {

        boolean before(Seen other) {
            return completed < other.invoked;
        }
    }

    /** A history by lot, and each class of wrong by its definition. */
    private record Example(List<Insert> inserts, List<Seen> reads, int ids) {

        static Example of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Insert> inserts = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                long invoked = random.nextInt(20);
                Outcome outcome = List.of(Outcome.ACKNOWLEDGED, Outcome.FAILED, Outcome.UNKNOWN)
                        .get(random.nextInt(3));
                inserts.add(new Insert(invoked, invoked + random.nextInt(6), outcome));
            }
            List<Seen> reads = new ArrayList<>();
            int ids = inserts.size() + 1;
            boolean tidy = random.nextBoolean();
            for (int i = random.nextInt(5); i > 0; i--) {
                long invoked = random.nextInt(30);
                KeySet.Builder keys = new KeySet.Builder();
                KeySet.Builder twice = new KeySet.Builder();
                for (int id = 0; id < ids; id++) {
                    boolean due = id < inserts.size() && inserts.get(id).completed() < invoked;
                    boolean honest = tidy && random.nextInt(6) > 0;
                    if (honest ? due : random.nextBoolean()) {
                        keys.add(id);
                        if (random.nextInt(12) == 0) {
                            twice.add(id);
                        }
                    }
                }
                reads.add(new Seen(
                        random.nextInt(3) > 0, invoked, invoked + random.nextInt(8), keys.build(), twice.build()));
            }
            return new Example(inserts, reads, ids);
        }

        LedgerHistory history() {
            LedgerHistory.Builder builder = LedgerHistory.builder();
            inserts.forEach(insert -> builder.insert(insert.invoked(), insert.completed(), insert.outcome()));
            reads.forEach(read -> builder.read(
                    "any",
                    read.authoritative(),
                    read.invoked(),
                    read.completed(),
                    new long[] {read.keys().stream().reduce(0, (bits, id) -> bits | (1L << id))},
                    read.twice().stream().toArray()));
            return builder.build();
        }

        LedgerReport report() {
            return new LedgerReport(
                    ids(id -> acknowledged(id) && authoritative(read -> due(id, read) && goneSince(id, read))),
                    ids(id -> authoritative(read -> seenBefore(id, read, false) && goneSince(id, read))),
                    ids(id -> authoritative(read -> (due(id, read) || seenBefore(id, read, true))
                            && !read.keys().contains(id)
                            && seenAfter(id, read))),
                    ids(id -> outcome(id, Outcome.FAILED)
                            && any(read -> read.keys().contains(id))),
                    ids(id -> any(read -> read.keys().contains(id)
                            && (id >= inserts.size() || inserts.get(id).invoked() > read.completed()))),
                    ids(id -> any(read -> read.twice().contains(id))),
                    ids(id -> any(read -> !read.authoritative()
                            && due(id, read)
                            && !read.keys().contains(id))),
                    stalest(),
                    ids(id -> outcome(id, Outcome.UNKNOWN)
                            && last(read -> read.keys().contains(id))),
                    ids(id -> outcome(id, Outcome.UNKNOWN)
                            && last(read -> !read.keys().contains(id))),
                    ids(id -> acknowledged(id) && !authoritative(read -> due(id, read))));
        }

        private long stalest() {
            long stalest = 0;
            for (int id = 0; id < ids; id++) {
                for (Seen read : reads) {
                    if (!read.authoritative() && due(id, read) && !read.keys().contains(id)) {
                        stalest = Math.max(
                                stalest, read.invoked() - inserts.get(id).completed());
                    }
                }
            }
            return stalest;
        }

        private KeySet ids(IntPredicate which) {
            return KeySet.of(
                    IntStream.range(0, ids).filter(which).asLongStream().toArray());
        }

        private boolean outcome(int id, Outcome outcome) {
            return id < inserts.size() && inserts.get(id).outcome() == outcome;
        }

        private boolean acknowledged(int id) {
            return outcome(id, Outcome.ACKNOWLEDGED);
        }

        private boolean any(Predicate<Seen> which) {
            return reads.stream().anyMatch(which);
        }

        private boolean authoritative(Predicate<Seen> which) {
            return reads.stream().filter(Seen::authoritative).anyMatch(which);
        }

        private boolean last(Predicate<Seen> which) {
            return reads.stream()
                    .filter(Seen::authoritative)
                    .max(Comparator.comparingLong(Seen::invoked))
                    .filter(which)
                    .isPresent();
        }

        private boolean due(int id, Seen read) {
            return acknowledged(id) && inserts.get(id).completed() < read.invoked();
        }

        private boolean seenBefore(int id, Seen read, boolean byAuthority) {
            return any(other -> (other.authoritative() || !byAuthority)
                    && other.before(read)
                    && other.keys().contains(id));
        }

        private boolean seenAfter(int id, Seen read) {
            return authoritative(other -> read.before(other) && other.keys().contains(id));
        }

        private boolean goneSince(int id, Seen read) {
            return !read.keys().contains(id) && !seenAfter(id, read);
        }
    }

    @Property(tries = 8_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void theSweepSaysWhatTheDefinitionsSay(@ForAll long seed) {
        Example example = Example.of(seed);
        assertThat(new LedgerChecker().check(example.history()))
                .as(example::toString)
                .isEqualTo(example.report());
    }
}
