package io.github.pggauntlet.harness.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is looked at when a story is over: timelines, rows, PostgreSQL's own check, slots, and whether all is whole. */
class InspectionCheckersTest {

    private static final Promises NO_LOSS = Story.promising(LossBound.none());

    /** The story of {@link Story#complete()}: A acknowledged writes on timeline 1, then B on timeline 2. */
    private static RunRecord complete(Promises promises, FaultClass fault, RunEvent... inspected) {
        List<RunEvent> events = new ArrayList<>(List.of(inspected));
        events.add(new RunEvent.FaultMade(1, 1, "f1", "a fault", fault, "the primary", Story.A, "seen"));
        return new RunRecord(Story.complete().record().history(), events, promises);
    }

    private static RunRecord complete(RunEvent... inspected) {
        return complete(NO_LOSS, FaultClass.POSTMASTER_CRASH, inspected);
    }

    private static Finding judge(Checker checker, RunRecord run) {
        assertThat(checker.concerns(run)).isTrue();
        return checker.check(run).finding();
    }

    private static void assertSilentWithoutALook(Checker checker) {
        assertThat(checker.concerns(complete())).isFalse();
    }

    @Nested
    class Timelines {

        private final Checker checker = new TimelineChecker();

        private static TimelineHistory history(int timeline, Object... switches) {
            List<TimelineHistory.Switch> all = new ArrayList<>();
            for (int i = 0; i < switches.length; i += 2) {
                all.add(new TimelineHistory.Switch((int) switches[i], Lsn.parse((String) switches[i + 1])));
            }
            return new TimelineHistory(timeline, all);
        }

        private static RunEvent leads(String member, TimelineHistory history) {
            return new RunEvent.HistoryRead(7, member, true, history);
        }

        private static RunEvent has(String member, TimelineHistory history) {
            return new RunEvent.HistoryRead(7, member, false, history);
        }

        @Test
        void aPathIsKept() {
            TimelineHistory second = history(2, 1, "0/3000000");
            Finding finding = judge(checker, complete(leads(Story.B, second), has(Story.A, second)));

            assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
            assertThat(finding.sentence()).contains("2 terms").contains("one path to timeline 2 of " + Story.B);
        }

        @Test
        void aLaterTimelineThatContinuesItIsKept() {
            TimelineHistory fourth = history(4, 1, "0/3000000", 2, "0/4000000", 3, "0/4000000");
            assertThat(judge(checker, complete(leads(Story.A, fourth), has(Story.B, history(2, 1, "0/3000000"))))
                            .outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        @Test
        void aTimelineThatWasLeftAsideBreaksIt() {
            Finding finding = judge(checker, complete(leads(Story.A, history(3, 1, "0/3000000"))));

            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence())
                    .contains(Story.B + " acknowledged writes on timeline 2")
                    .contains("no ancestor of timeline 3");
        }

        @Test
        void aTimelineLeftAsideIsHeldAgainstNobodyWhereALossIsAllowed() {
            Finding finding = judge(
                    checker,
                    complete(
                            Story.promising(LossBound.within(Duration.ofSeconds(1))),
                            FaultClass.POSTMASTER_CRASH,
                            leads(Story.A, history(3, 1, "0/3000000"))));

            assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
            assertThat(finding.sentence()).contains("A loss was allowed").contains("timeline 2");
        }

        @Test
        void twoTimelinesOfOneNumberBreakIt() {
            Finding finding = judge(
                    checker,
                    complete(
                            leads(Story.A, history(3, 1, "0/3000000", 2, "0/4000000")),
                            has(Story.B, history(2, 1, "0/3000148"))));

            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.evidence().toString()).contains("not what timeline 3 of " + Story.A + " has");
        }

        @Test
        void twoWhoAcknowledgeOnOneTimelineBreakIt() {
            Finding finding = judge(checker, complete(leads(Story.A, history(2, 1, "0/3000000"))));

            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("one timeline for two");
        }

        @Test
        void withoutAPrimaryInTheEndNothingCanBeSaid() {
            assertThat(judge(checker, complete(has(Story.A, history(2, 1, "0/3000000"))))
                            .outcome())
                    .isEqualTo(Ruling.INCONCLUSIVE);
            assertSilentWithoutALook(checker);
        }

        @Test
        void oneDiskForAllHasOneTimeline() {
            RunEvent disk =
                    new RunEvent.DiskSample(3, Story.A, "Connected", "Primary", "Secondary", "UpToDate", "UpToDate");
            assertThat(checker.concerns(complete(leads(Story.B, TimelineHistory.first()), disk)))
                    .isFalse();
        }
    }

    @Nested
    class Data {

        private final Checker checker = new DataChecker();

        private static RunEvent rows(String member, String table, long rows, String checksum) {
            return new RunEvent.TableRead(7, member, table, rows, checksum);
        }

        private static RunEvent checked(String member, boolean sound, String said) {
            return new RunEvent.DataChecked(7, member, sound, said);
        }

        @Test
        void equalRowsAndSoundTablesAreKept() {
            Finding finding = judge(
                    checker,
                    complete(
                            rows(Story.A, "ledger", 9, "77"),
                            rows(Story.B, "ledger", 9, "77"),
                            checked(Story.A, true, ""),
                            checked(Story.B, true, "")));

            assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
            assertThat(finding.sentence()).contains("(9 rows)").contains("2 members");
        }

        @Test
        void otherRowsBreakIt() {
            RunEvent[] seen = {rows(Story.A, "ledger", 9, "77"), rows(Story.B, "ledger", 9, "78")};

            Finding finding = judge(checker, complete(seen));

            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("ledger").contains("77").contains("78");
            assertThat(judge(checker, complete(NO_LOSS, FaultClass.DISK, seen)).outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        @Test
        void aTableThatSomebodyHasNotGotBreaksIt() {
            assertThat(judge(
                                    checker,
                                    complete(
                                            rows(Story.A, "ledger", 9, "77"),
                                            rows(Story.B, "ledger", 9, "77"),
                                            rows(Story.A, "bank", 4, "3")))
                            .outcome())
                    .isEqualTo(Ruling.BROKEN);
        }

        @Test
        void whatPostgresFindsBreaksIt() {
            Finding finding =
                    judge(checker, complete(checked(Story.A, true, ""), checked(Story.B, false, "heap page 3 is odd")));

            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains(Story.B).contains("heap page 3 is odd");
            assertSilentWithoutALook(checker);
        }
    }

    @Nested
    class Slots {

        private static final long MEGABYTE = 1L << 20;

        private final Checker checker = new SlotChecker();

        private static RunEvent slot(String status, long kept, long sinceCheckpoint) {
            return new RunEvent.SlotSeen(7, Story.A, "gauntlet_machine1", status, kept, sinceCheckpoint);
        }

        @Test
        void whatRecoveryKeepsAnywayIsKept() {
            assertThat(judge(checker, complete(slot("reserved", 90 * MEGABYTE, 90 * MEGABYTE)))
                            .outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        @Test
        void aSlotThatStandsStillBreaksIt() {
            RunEvent still = slot("reserved", 9 * MEGABYTE, 4 * MEGABYTE);
            Finding finding = judge(checker, complete(slot("reserved", 0, 0), still));

            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("gauntlet_machine1 on " + Story.A);
            assertThat(judge(checker, complete(NO_LOSS, FaultClass.DISK, still)).outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        @Test
        void aSlotThatHasLostItsWalBreaksIt() {
            assertThat(judge(checker, complete(slot("lost", 0, 0))).outcome()).isEqualTo(Ruling.BROKEN);
            assertSilentWithoutALook(checker);
        }
    }

    @Nested
    class Liveness {

        private final Checker checker = new LivenessChecker();

        private static RunEvent mended(boolean whole) {
            return new RunEvent.Mended(
                    3_000_000_000L, 1_000_000_000L, 60_000_000_000L, whole, whole ? "" : "machine1 is STOPPED.");
        }

        @Test
        void wholeInTimeIsKept() {
            Finding finding = judge(checker, complete(mended(true)));

            assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
            assertThat(finding.sentence()).contains("2.000 s after the last heal");
        }

        @Test
        void notWholeInTimeBreaksIt() {
            Finding finding = judge(checker, complete(mended(false)));

            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("60.000 s").contains("machine1 is STOPPED");
        }

        @Test
        void whereNoReturnIsPromisedItIsHeldAgainstNobody() {
            assertThat(judge(checker, complete(Promises.none(), FaultClass.POSTMASTER_CRASH, mended(false)))
                            .outcome())
                    .isEqualTo(Ruling.KEPT);
            assertSilentWithoutALook(checker);
        }
    }
}
