package io.github.pggauntlet.harness.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.rule.RecoveryPoint.Commit;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import io.github.pggauntlet.strategy.postgres.TimelineHistory.Switch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each rule stays silent where it is kept, and speaks where it is not. */
class RulesTest {

    private static final TimelineHistory SECOND = new TimelineHistory(2, List.of(new Switch(1, new Lsn(100))));
    private static final TimelineHistory THIRD =
            new TimelineHistory(3, List.of(new Switch(1, new Lsn(100)), new Switch(2, new Lsn(200))));
    private static final TimelineHistory THIRD_FROM_FIRST = new TimelineHistory(3, List.of(new Switch(1, new Lsn(90))));

    @Test
    void timelinesThatFormAPathAreFine() {
        assertThat(new TimelineRule()
                        .check(List.of(new Promotion(7, "node1", SECOND, 10), new Promotion(9, "node0", THIRD, 20))))
                .isEmpty();
    }

    @Test
    void aTimelineThatLeavesOutAnotherIsASplitBrain() {
        assertThat(new TimelineRule()
                        .check(List.of(
                                new Promotion(7, "node1", SECOND, 10),
                                new Promotion(9, "node0", THIRD_FROM_FIRST, 20))))
                .extracting(Breach::rule)
                .containsExactly("timelines form a path");
    }

    @Test
    void twoPromotionsInOneTermAreTold() {
        assertThat(new TimelineRule()
                        .check(List.of(new Promotion(7, "node1", SECOND, 10), new Promotion(7, "node0", THIRD, 20))))
                .extracting(Breach::rule)
                .containsExactly("one promotion in a term");
    }

    @Test
    void twoPromotionsToOneTimelineAreTold() {
        assertThat(new TimelineRule()
                        .check(List.of(new Promotion(7, "node1", SECOND, 10), new Promotion(8, "node0", SECOND, 20))))
                .extracting(Breach::rule)
                .containsExactly("one promotion in a term");
    }

    @Test
    void moneyMovesAndNoneIsMade() {
        assertThat(new BankRule(3, 30, false).check(List.of(new Balances("c1", 1, List.of(10L, 20L, 0L)))))
                .isEmpty();
    }

    @Test
    void aTransferSeenByHalfIsTold() {
        assertThat(new BankRule(2, 20, true).check(List.of(new Balances("c1", 1, List.of(5L, 10L)))))
                .containsExactly(new Breach("total conserved", "c1 at 0.000 s saw a total of 15 instead of 20"));
    }

    @Test
    void debtIsToldOnlyWhereItIsForbidden() {
        List<Balances> reads = List.of(new Balances("c1", 1, List.of(-5L, 25L)));
        assertThat(new BankRule(2, 20, false).check(reads))
                .extracting(Breach::rule)
                .containsExactly("no debt");
        assertThat(new BankRule(2, 20, true).check(reads)).isEmpty();
    }

    @Test
    void aMissingAccountIsTold() {
        assertThat(new BankRule(3, 20, false).check(List.of(new Balances("c1", 1, List.of(10L, 10L)))))
                .extracting(Breach::rule)
                .containsExactly("all accounts");
    }

    @Test
    void equalRowsConverge() {
        assertThat(new ConvergenceRule(Set.of("a", "b"))
                        .check(List.of(new RowChecksum("a", "t", 5, "x"), new RowChecksum("b", "t", 5, "x"))))
                .isEmpty();
    }

    @Test
    void differentRowsAndMissingServersAreTold() {
        assertThat(new ConvergenceRule(Set.of("a", "b"))
                        .check(List.of(new RowChecksum("a", "t", 5, "x"), new RowChecksum("b", "t", 5, "y"))))
                .hasSize(1);
        assertThat(new ConvergenceRule(Set.of("a", "b")).check(List.of(new RowChecksum("a", "t", 5, "x"))))
                .extracting(Breach::sentence)
                .containsExactly("nobody looked at table t on b");
    }

    @Test
    void linesThatMustNotBeInALogAreFound() {
        List<LogRule.Line> lines = List.of(
                new LogRule.Line("node0", 1, "LOG:  database system is ready to accept connections"),
                new LogRule.Line(
                        "node0", 2, "WARNING:  page verification failed, calculated checksum 1 but expected 2"),
                new LogRule.Line("node1", 9, "FATAL:  requested timeline 3 is not a child of this server's history"),
                new LogRule.Line("node1", 10, "PANIC:  could not locate a valid checkpoint record"));
        assertThat(LogRule.ofPostgres().check(lines))
                .extracting(Breach::sentence)
                .satisfiesExactly(
                        first -> assertThat(first).contains("line 2 of the log of node0"),
                        second -> assertThat(second).contains("histories have parted"),
                        third -> assertThat(third).contains("gave up"));
    }

    @Test
    void healthInTimeIsHealthFromTheDeadlineOn() {
        LivenessRule rule = new LivenessRule(Duration.ofNanos(10));
        assertThat(rule.check(
                        100, List.of(new HealthSample(105, false, "no primary"), new HealthSample(110, true, ""))))
                .isEmpty();
        assertThat(rule.check(
                        100, List.of(new HealthSample(105, true, ""), new HealthSample(111, false, "no primary"))))
                .hasValueSatisfying(breach -> assertThat(breach.sentence()).endsWith("no primary"));
    }

    @Test
    void whereNobodyLookedThereIsNoHealth() {
        assertThat(new LivenessRule(Duration.ofNanos(10)).check(100, List.of(new HealthSample(109, true, ""))))
                .isPresent();
    }

    @Test
    void theRecoveryPointCountsCommitsBytesAndTime() {
        List<Commit> commits = List.of(
                new Commit(1, 1_000, Optional.of(new Lsn(50))),
                new Commit(2, 2_000, Optional.of(new Lsn(80))),
                new Commit(3, 5_000, Optional.of(new Lsn(120))));
        assertThat(RecoveryPoint.of(commits, KeySet.of(2, 3), new Lsn(60)))
                .isEqualTo(new RecoveryPoint(2, Optional.of(60L), 3_000));
        assertThat(RecoveryPoint.of(commits, KeySet.empty(), new Lsn(120)))
                .isEqualTo(new RecoveryPoint(0, Optional.of(0L), 0));
    }

    @Test
    void bytesAreNotGuessedWherePositionsAreNotKnown() {
        assertThat(RecoveryPoint.of(List.of(new Commit(1, 1, Optional.empty())), KeySet.of(1), new Lsn(60))
                        .bytes())
                .isEmpty();
    }
}
