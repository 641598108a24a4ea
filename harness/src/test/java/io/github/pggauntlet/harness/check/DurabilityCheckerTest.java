package io.github.pggauntlet.harness.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class DurabilityCheckerTest {

    private static final int FINAL = 0;
    private static final int STANDBY = 1;
    private static final int AFTER = 2;

    @Test
    void aSoundRunIsKept() {
        assertThat(ruling(Story.complete())).isEqualTo(Ruling.KEPT);
    }

    @Test
    void anUnknownWriteMayBeThereOrNot() {
        Story story = Story.complete();
        KeySet with = story.acknowledgedKeys().or(story.keys(Outcome.UNKNOWN));
        for (int read : new int[] {FINAL, STANDBY, AFTER}) {
            story.rereading(read, keys(all -> with));
        }
        assertThat(ruling(story)).isEqualTo(Ruling.KEPT);
    }

    @Test
    void anAcknowledgedRowMissingInTheFinalReadIsLost() {
        Checker.Result result =
                check(Story.complete().rereading(FINAL, without(1)).rereading(AFTER, without(1)));
        assertThat(result.finding().outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(result.measures().lost()).isEqualTo(1);
        assertThat(result.finding().evidence().get(0).writes().get(0).firstKey())
                .isEqualTo(1);
        assertThat(result.finding().sentence()).startsWith("Lost: write 1 (key 1), acknowledged by machine0");
    }

    @Test
    void aRowMissingOnlyAfterOneMoreFailoverIsLost() {
        assertThat(says(Story.complete().rereading(AFTER, without(1)))).contains("Lost");
    }

    @Test
    void theNewestRowCountsToo() {
        Story story = Story.complete();
        long newest = story.acknowledgedKeys().stream().max().orElseThrow();
        assertThat(check(story.rereading(FINAL, without(newest)).rereading(AFTER, without(newest)))
                        .measures()
                        .lost())
                .isEqualTo(1);
    }

    @Test
    void aRowMissingOnlyOnAnUnprovenReadIsNotCalledLost() {
        assertThat(ruling(Story.complete().rereading(STANDBY, without(1)))).isEqualTo(Ruling.KEPT);
    }

    @Test
    void aResurrectedRowIsFound() {
        assertThat(evidence(Story.complete().rereading(FINAL, without(1)))).anyMatch(what -> what.startsWith("Resurr"));
    }

    @Test
    void aRowThatAProvenReadSawAndALaterOneDoesNotIsFound() {
        Story story = Story.complete();
        KeySet unknown = story.keys(Outcome.UNKNOWN);
        assertThat(says(story.rereading(FINAL, keys(all -> all.or(unknown))))).startsWith("Visible, then lost");
    }

    @Test
    void aFailedRowMustNotAppearOnAnyMember() {
        Story story = Story.complete();
        assertThat(says(story.rereading(STANDBY, keys(all -> all.or(story.keys(Outcome.FAILED))))))
                .contains("Failed, but present");
    }

    @Test
    void aRowNobodyWroteIsAPhantom() {
        assertThat(says(Story.complete().rereading(STANDBY, keys(all -> all.or(KeySet.of(4711))))))
                .contains("Phantoms")
                .contains("4711");
    }

    @Test
    void aRowReadBeforeItWasWrittenIsAPhantom() {
        Story story = Story.complete();
        long newest = story.acknowledgedKeys().stream().max().orElseThrow();
        assertThat(says(story.read(1200, Story.B, Occasion.INTERIM, 1, false, KeySet.of(1, newest))))
                .contains("Phantoms");
    }

    @Test
    void aPartOfATransactionIsFoundOnAnyRead() {
        assertThat(says(Story.complete().rereading(STANDBY, without(3)))).contains("A part of a transaction");
    }

    @Test
    void foreignAndSurplusRowsAreFound() {
        assertThat(says(Story.complete().rereading(STANDBY, read -> counts(read, 1, read.rows() + 1))))
                .contains("nobody wrote so");
        assertThat(says(Story.complete().rereading(STANDBY, read -> counts(read, 0, read.rows() + 1))))
                .contains("more than there are different keys");
    }

    @Test
    void aStaleReadInTheMidstOfTheRunLosesNothing() {
        Story story = Story.complete();
        assertThat(ruling(story.read(1600, Story.A, Occasion.INTERIM, 1, true, KeySet.range(1, 5))))
                .isEqualTo(Ruling.KEPT);
        assertThat(ruling(story.read(1700, Story.B, Occasion.INTERIM, 2, true, KeySet.empty())))
                .isEqualTo(Ruling.BROKEN);
    }

    @Test
    void withinAWindowOnlyTheYoungestMayBeLost() {
        Promises bounded = Story.promising(LossBound.within(Duration.ofMillis(500)));
        Story young = Story.complete().promise(bounded);
        Story old = Story.complete().promise(bounded);
        // key 1 at 105 ms, key 5 at 905 ms is the last of timeline 1
        assertThat(ruling(young.rereading(FINAL, without(5)).rereading(AFTER, without(5))))
                .isEqualTo(Ruling.KEPT);
        assertThat(check(young).measures().lost()).isEqualTo(1);
        assertThat(says(old.rereading(FINAL, without(1)).rereading(AFTER, without(1))))
                .contains("0.800 s before the last write of its timeline");
    }

    @Test
    void whereNothingIsPromisedNothingIsBrokenByALoss() {
        Story story = Story.complete().promise(Promises.none());
        assertThat(ruling(story.rereading(FINAL, without(1)).rereading(AFTER, without(1))))
                .isEqualTo(Ruling.KEPT);
    }

    @Test
    void withoutProofNothingIsKept() {
        assertThat(ruling(Story.crashAndReturn())).isEqualTo(Ruling.INCONCLUSIVE);
        assertThat(ruling(Story.complete().rereading(FINAL, proven(false)))).isEqualTo(Ruling.INCONCLUSIVE);
        assertThat(ruling(Story.complete().rereading(AFTER, proven(false)))).isEqualTo(Ruling.INCONCLUSIVE);
        Story same = Story.complete();
        assertThat(ruling(same.rereading(AFTER, read -> onTimeline(read, 2)))).isEqualTo(Ruling.INCONCLUSIVE);
        assertThat(ruling(Story.complete().acknowledged(9000, Story.A, 3))).isEqualTo(Ruling.INCONCLUSIVE);
        assertThat(ruling(new Story().fault(1, "f", FaultClass.HOST_CRASH, Story.A)))
                .isEqualTo(Ruling.VACUOUS);
    }

    private static Checker.Result check(Story story) {
        return new DurabilityChecker().check(story.record());
    }

    private static Ruling ruling(Story story) {
        return check(story).finding().outcome();
    }

    private static String says(Story story) {
        Finding finding = check(story).finding();
        assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
        return finding.sentence();
    }

    private static List<String> evidence(Story story) {
        return check(story).finding().evidence().stream().map(Evidence::what).toList();
    }

    private static UnaryOperator<Operation.Read> without(long key) {
        return keys(all -> all.minus(KeySet.of(key)));
    }

    private static UnaryOperator<Operation.Read> keys(UnaryOperator<KeySet> change) {
        return read -> {
            KeySet keys = change.apply(read.keys());
            return copy(read, read.timeline(), read.proven(), keys, 0, keys.size());
        };
    }

    private static UnaryOperator<Operation.Read> proven(boolean proven) {
        return read -> copy(read, read.timeline(), proven, read.keys(), 0, read.rows());
    }

    private static Operation.Read onTimeline(Operation.Read read, int timeline) {
        return copy(read, timeline, read.proven(), read.keys(), 0, read.rows());
    }

    private static Operation.Read counts(Operation.Read read, long foreign, long rows) {
        return copy(read, read.timeline(), read.proven(), read.keys(), foreign, rows);
    }

    private static Operation.Read copy(
            Operation.Read read, int timeline, boolean proven, KeySet keys, long foreign, long rows) {
        return new Operation.Read(
                read.node(),
                read.occasion(),
                read.invoked(),
                read.completed(),
                timeline,
                proven,
                keys,
                foreign,
                rows,
                keys.toString(),
                "");
    }
}
