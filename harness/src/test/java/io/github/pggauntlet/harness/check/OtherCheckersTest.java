package io.github.pggauntlet.harness.check;

import static io.github.pggauntlet.harness.check.Story.A;
import static io.github.pggauntlet.harness.check.Story.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.check.Outage.Part;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What each of the checkers beside that of durability finds, and what it leaves in peace. It is long because each has a nested class
 * of its own here, and all of them tell their stories with the same few words.
 */
class OtherCheckersTest {

    @Nested
    class Rejoin {

        @Test
        void aSoundReturnIsKeptAndCounted() {
            Checker.Result result = check(Story.complete());
            assertThat(result.finding().sentence()).contains("rewind 1");
            assertThat(result.finding().outcome()).isEqualTo(Ruling.KEPT);
            assertThat(result.measures().rejoins()).isEqualTo(Map.of("rewind", 1));
        }

        @Test
        void whoDoesNotComeBackBreaksThePromise() {
            assertThat(says(Story.complete().without(Milestone.REJOINED), Ruling.BROKEN))
                    .contains("did not come back, though it planned to by 'rewind'");
            assertThat(says(Story.complete().without(Milestone.REJOIN_PLANNED), Ruling.BROKEN))
                    .contains("without having said");
        }

        @Test
        void anotherWayThanClaimedBreaksThePromise() {
            assertThat(says(
                            Story.complete()
                                    .journal(2500, A, Milestone.REJOINED, "way", "copy", "evidence", "copy: all is new")
                                    .standby(2600, A, 2)
                                    .primary(2600, B, 2),
                            Ruling.BROKEN))
                    .contains("claimed the way 'rewind' and took 'copy'");
            assertThat(says(
                            Story.complete()
                                    .journal(
                                            2500,
                                            A,
                                            Milestone.REJOINED,
                                            "way",
                                            "rewind",
                                            "evidence",
                                            "copy: all is new")
                                    .standby(2600, A, 2)
                                    .primary(2600, B, 2),
                            Ruling.BROKEN))
                    .contains("its data directory shows 'copy");
        }

        @Test
        void aWordWithoutEvidenceLeavesItOpen() {
            assertThat(says(
                            Story.complete()
                                    .journal(2500, A, Milestone.REJOINED, "way", "rewind")
                                    .standby(2600, A, 2)
                                    .primary(2600, B, 2),
                            Ruling.INCONCLUSIVE))
                    .contains("only its own word");
        }

        @Test
        void whoDoesNotStreamOnThePrimarysTimelineIsNotBack() {
            assertThat(says(
                            Story.complete()
                                    .without(RunEvent.StatusSample.class)
                                    .primary(2100, B, 2)
                                    .standby(2110, A, 1)
                                    .standby(3110, A, 1),
                            Ruling.BROKEN))
                    .contains("never seen to stream");
            assertThat(says(
                            Story.complete()
                                    .without(RunEvent.StatusSample.class)
                                    .primary(2100, B, 2)
                                    .status(2110, A, NodeRole.STANDBY, 2, false)
                                    .status(3110, A, NodeRole.STANDBY, 2, false),
                            Ruling.BROKEN))
                    .contains("never seen to stream");
        }

        @Test
        void tooShortALookProvesNothing() {
            assertThat(says(Story.complete().without(RunEvent.StatusSample.class), Ruling.INCONCLUSIVE))
                    .contains("too little was seen");
            assertThat(says(
                            Story.complete()
                                    .without(RunEvent.StatusSample.class)
                                    .primary(2100, B, 2)
                                    .status(2110, A, NodeRole.REJOINING, 2, false),
                            Ruling.INCONCLUSIVE))
                    .contains("too little was seen");
        }

        @Test
        void otherRowsThanThePrimarysBreakThePromise() {
            Story story = Story.complete();
            assertThat(says(story.read(5200, A, Occasion.FINAL, 2, false, KeySet.of(1, 2)), Ruling.BROKEN))
                    .contains("rows that are not those of the primary");
        }

        @Test
        void withoutFinalReadsItIsOpen() {
            assertThat(says(Story.crashAndReturn(), Ruling.INCONCLUSIVE)).contains("No primary's rows");
        }

        @Test
        void whoIsPrimaryAgainHasNotRejoined() {
            Story story = Story.complete()
                    .without(Milestone.REJOINED)
                    .without(Milestone.REJOIN_PLANNED)
                    .status(1100, A, NodeRole.STOPPED, 1, false)
                    .primary(1200, A, 1);
            assertThat(check(story).finding().outcome()).isEqualTo(Ruling.VACUOUS);
        }

        /** What is seen just after a fault may have been asked just before it. */
        @Test
        void whoIsStillSaidToBePrimaryIsNotPrimaryAgain() {
            Story story = Story.crashAndReturn()
                    .without(Milestone.REJOINED)
                    .without(Milestone.REJOIN_PLANNED)
                    .without(RunEvent.StatusSample.class)
                    .primary(1010, A, 1)
                    .status(1100, A, NodeRole.STOPPED, 1, false);
            story.read(5000, B, Occasion.FINAL, 2, true, story.acknowledgedKeys());
            assertThat(says(story, Ruling.BROKEN)).contains("did not come back");
        }

        /** A standby that was frozen, and thawed, goes on where it was. */
        @Test
        void aStandbyThatGoesOnWhenItsFaultIsOverNeverLeft() {
            Story story = Story.complete()
                    .sparing(3000, "frozen", FaultClass.STANDBY_LOSS, A)
                    .healed(3400, "frozen")
                    .standby(3500, A, 2)
                    .primary(3500, B, 2);
            assertThat(check(story).measures().rejoins()).isEqualTo(Map.of("rewind", 1));
            assertThat(check(story).finding().outcome()).isEqualTo(Ruling.KEPT);
            assertThat(says(
                            Story.complete()
                                    .fault(3000, "frozen", FaultClass.STANDBY_LOSS, A)
                                    .healed(3400, "frozen")
                                    .standby(3500, A, 2)
                                    .primary(3500, B, 2),
                            Ruling.BROKEN))
                    .as("one that was killed must tell how it came back")
                    .contains("did not come back");
        }

        /** It is the strategy that took it down, and the strategy that has to bring it back. */
        @Test
        void whosePowerWasCutByAnotherMemberHasToComeBack() {
            Story story = Story.complete().powerCut(3000, "p1", B, A).powerRestored(3400, "p1", A);
            assertThat(says(story, Ruling.BROKEN)).contains(A + ", hit by p1 (its power cut by " + B + ")");
            Story back = story.journal(
                            3600, A, Milestone.REJOIN_PLANNED, "way", "recover", "reason", "it was a standby")
                    .journal(
                            3800,
                            A,
                            Milestone.REJOINED,
                            "way",
                            "recover",
                            "timeline",
                            "2",
                            "evidence",
                            "recover: kept base/1")
                    .standby(3900, A, 2)
                    .primary(3900, B, 2);
            assertThat(check(back).finding().outcome()).isEqualTo(Ruling.KEPT);
            assertThat(check(back).measures().rejoins()).isEqualTo(Map.of("rewind", 1, "recover", 1));
        }

        /** It boots behind a cut link: there is nobody by whom to plan a way back. */
        @Test
        void whoWasSwitchedOffAndStartedBeforeThereWasAPrimaryNeedNotTellTheWay() {
            Story story = Story.complete()
                    .powerCut(3000, "p1", B, A)
                    .powerRestored(3400, "p1", A)
                    .journal(3500, A, Milestone.POSTGRES_STARTED);
            assertThat(says(story, Ruling.BROKEN)).as("it does not stream").contains("did not come back");
            assertThat(check(story.standby(3900, A, 2).primary(3900, B, 2))
                            .finding()
                            .outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        /** A frozen machine that is switched off before it is thawed comes back by its boot. */
        @Test
        void whosePowerWasCutBeforeItsFaultWasOverIsJudgedByItsBoot() {
            Story story = Story.complete()
                    .sparing(2990, "frozen", FaultClass.HOST_FROZEN, A)
                    .powerCut(3000, "p1", B, A)
                    .powerRestored(3400, "p1", A)
                    .healed(3500, "frozen")
                    .journal(3600, A, Milestone.REJOIN_PLANNED, "way", "recover", "reason", "it was a standby")
                    .journal(
                            3800,
                            A,
                            Milestone.REJOINED,
                            "way",
                            "recover",
                            "timeline",
                            "2",
                            "evidence",
                            "recover: kept base/1")
                    .standby(3900, A, 2)
                    .primary(3900, B, 2);
            assertThat(check(story).finding().outcome()).isEqualTo(Ruling.KEPT);
            assertThat(check(story).measures().rejoins()).isEqualTo(Map.of("rewind", 1, "recover", 1));
        }

        /** Two machines of which each can switch the other one off: who was first goes on. */
        @Test
        void aPrimaryThatGoesOnWhenItsFaultIsOverNeverLeft() {
            Story story = Story.crashAndReturn()
                    .sparing(3000, "isolated", FaultClass.HOST_ISOLATED, B)
                    .healed(3400, "isolated")
                    .primary(3500, B, 2);
            story.read(5000, B, Occasion.FINAL, 2, true, story.acknowledgedKeys())
                    .read(5100, A, Occasion.FINAL, 2, false, story.acknowledgedKeys());
            assertThat(check(story).finding().outcome()).isEqualTo(Ruling.KEPT);
            assertThat(says(story.primary(3450, A, 3), Ruling.BROKEN))
                    .as("somebody has taken over")
                    .contains(B + ", hit by isolated")
                    .contains("did not come back");
        }

        @Test
        void whoIsHitAgainOnItsWayBackIsJudgedByTheLastReturn() {
            Story story = Story.complete().fault(1010, "f0", FaultClass.POSTMASTER_CRASH, A);
            assertThat(check(story).finding().outcome()).isEqualTo(Ruling.KEPT);
        }

        /** Back, and promoted before anybody looked at it again. */
        @Test
        void whoIsPromotedAsSoonAsItIsBackIsVouchedForByTheFormerPrimary() {
            Story promoted = Story.crashAndReturn()
                    .without(RunEvent.StatusSample.class)
                    .primary(2100, A, 3)
                    .primary(4000, A, 3);
            promoted.read(5000, A, Occasion.FINAL, 3, true, promoted.acknowledgedKeys());
            promoted.read(5100, B, Occasion.FINAL, 3, false, promoted.acknowledgedKeys());
            assertThat(says(promoted, Ruling.INCONCLUSIVE)).contains("too little was seen");
            assertThat(check(promoted.journal(1990, B, Milestone.REDUNDANT, "standby", A))
                            .finding()
                            .outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        /** Killed, seen to stream by an answer given before that, and killed again before it was let go. */
        @Test
        void whoIsHitAgainBeforeTheFirstFaultIsOverIsNotAwaited() {
            Story story = Story.complete()
                    .primary(2990, B, 2)
                    .fault(3000, "killed", FaultClass.HOST_CRASH, A)
                    .standby(3010, A, 2)
                    .primary(3010, B, 2)
                    .fault(3300, "again", FaultClass.HOST_CRASH, A)
                    .journal(3600, A, Milestone.REJOIN_PLANNED, "way", "recover", "reason", "it was a standby")
                    .journal(
                            3800,
                            A,
                            Milestone.REJOINED,
                            "way",
                            "recover",
                            "timeline",
                            "2",
                            "evidence",
                            "recover: kept base/1")
                    .standby(3900, A, 2)
                    .primary(3900, B, 2);
            assertThat(says(story, Ruling.BROKEN))
                    .as("a fault that is never said to be over")
                    .contains("did not come back");
            assertThat(check(story.healed(3500, "killed").healed(3500, "again"))
                            .finding()
                            .outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        /** Nobody waits for whom the examination has hit, whether or not its reads were answered. */
        @Test
        void theExaminationsOwnFailoverIsNotJudged() {
            Story story = Story.crashAndReturn().cut(4000).fault(6000, "f2", FaultClass.POSTMASTER_CRASH, B);
            assertThat(says(story, Ruling.BROKEN)).contains(B + ", hit by f2").contains("did not come back");
            assertThat(says(story.phase(5000, RunEvent.Phase.FINAL_READS), Ruling.INCONCLUSIVE))
                    .as("the rows were not read")
                    .doesNotContain(B);
        }

        /** Switched off by the other machine, booted while there was no primary by which to plan a way. */
        @Test
        void whoWasSwitchedOffAndStreamsOnHasNothingToSay() {
            Story story = Story.crashAndReturn().powerCut(3000, "power", B, A).powerRestored(3200, "power", A);
            story.read(5000, B, Occasion.FINAL, 2, true, story.acknowledgedKeys())
                    .read(5100, A, Occasion.FINAL, 2, false, story.acknowledgedKeys());
            assertThat(says(story.primary(3600, B, 2), Ruling.BROKEN))
                    .as("it is not seen again")
                    .contains("did not come back");
            assertThat(check(story.journal(3400, A, Milestone.POSTGRES_STARTED)
                                    .standby(3600, A, 2)
                                    .standby(4000, A, 2)
                                    .primary(4000, B, 2))
                            .finding()
                            .outcome())
                    .isEqualTo(Ruling.KEPT);
        }

        private Checker.Result check(Story story) {
            return new RejoinChecker().check(story.record());
        }

        private String says(Story story, Ruling ruling) {
            Finding finding = check(story).finding();
            assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(ruling);
            return finding.sentence();
        }
    }

    @Nested
    class RecoveryTime {

        @Test
        void theHeadlineIsTheSumOfItsParts() {
            Outage outage = check(Story.complete()).measures().outages().get(0);
            assertThat(outage.nanos()).isEqualTo((1355 - 905) * 1_000_000L);
            assertThat(outage.parts().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(outage.nanos());
            assertThat(millis(outage, Part.DETECT)).isEqualTo(1050 - 905);
            assertThat(millis(outage, Part.FENCE)).isEqualTo(1100 - 1050);
            assertThat(millis(outage, Part.DECIDE)).isEqualTo(1150 - 1100);
            assertThat(millis(outage, Part.PROMOTE)).isEqualTo(1300 - 1150);
            assertThat(millis(outage, Part.OPEN)).isEqualTo(1310 - 1300);
            assertThat(millis(outage, Part.REROUTE)).isEqualTo(1355 - 1310);
            assertThat(outage.fault()).isEqualTo("f1");
        }

        @Test
        void aMissingMilestoneGivesItsTimeToTheNextPart() {
            Story story = Story.complete().without(Milestone.FENCED).without(Milestone.LEASE_RELEASED);
            Outage outage = check(story).measures().outages().get(0);
            assertThat(millis(outage, Part.FENCE)).isZero();
            assertThat(millis(outage, Part.DECIDE)).isEqualTo(1150 - 1050);
            Outage untold = check(Story.complete().without(RunEvent.Journal.class))
                    .measures()
                    .outages()
                    .get(0);
            assertThat(untold.parts()).isEmpty();
        }

        @Test
        void withinThePromiseItIsKept() {
            assertThat(check(Story.complete()).finding().outcome()).isEqualTo(Ruling.KEPT);
        }

        @Test
        void aLongerPauseBreaksThePromise() {
            Story story = Story.complete().acknowledged(6000, B, 2);
            Finding finding = check(story).finding();
            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("3000 ms").contains("at most 2000 ms");
        }

        @Test
        void aPauseBelongsToTheFaultBeforeIt() {
            Promises promises = Promises.none()
                    .with(FaultClass.STANDBY_LOSS, new Promise(LossBound.none(), Duration.ofMillis(100), 1, true))
                    .with(FaultClass.POSTMASTER_CRASH, new Promise(LossBound.none(), Duration.ofSeconds(2), 1, true));
            Story story = new Story().promise(promises);
            for (long at = 0; at <= 450; at += 50) {
                story.acknowledged(at, A, 1);
            }
            story.fault(225, "f1", FaultClass.STANDBY_LOSS, B)
                    .fault(425, "f2", FaultClass.POSTMASTER_CRASH, A)
                    .acknowledged(1200, B, 2);
            assertThat(check(story).finding().outcome()).isEqualTo(Ruling.KEPT);
        }

        @Test
        void aPauseThatDoesNotEndBreaksThePromise() {
            assertThat(check(Story.complete().progress(4900)).finding().outcome())
                    .isEqualTo(Ruling.KEPT);
            Finding finding = check(Story.complete().progress(5100)).finding();
            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("had not begun again");
        }

        /** Writes may stop as long as the fault lasts; what counts is how long they take to come back after it. */
        @Test
        void whereWritesMayStopWhileTheFaultLastsThePauseCountsFromItsEnd() {
            Promise promise = new Promise(LossBound.none(), Duration.ofMillis(500), 1, true).stoppingWhileItLasts();
            Story story = new Story()
                    .promise(Promises.none().with(FaultClass.ARBITER_LOSS, promise))
                    .acknowledged(100, A, 1)
                    .fault(200, "f1", FaultClass.ARBITER_LOSS, A)
                    .healed(5000, "f1");
            assertThat(check(story.progress(5500)).finding().outcome()).isEqualTo(Ruling.KEPT);

            Finding finding = check(story.acknowledged(5501, A, 1)).finding();
            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("506 ms").contains("at most 500 ms");
        }

        @Test
        void aPauseThatBeginsAfterTheFaultCountsWhole() {
            Promise promise = new Promise(LossBound.none(), Duration.ofMillis(500), 1, true).stoppingWhileItLasts();
            Story story = new Story()
                    .promise(Promises.none().with(FaultClass.ARBITER_LOSS, promise))
                    .fault(200, "f1", FaultClass.ARBITER_LOSS, A)
                    .healed(5000, "f1")
                    .acknowledged(5100, A, 1)
                    .acknowledged(5601, A, 1);
            assertThat(check(story).finding().outcome()).isEqualTo(Ruling.BROKEN);
        }

        /** One outage may follow on another, each as long as is promised; both together no longer than that. */
        @Test
        void aPauseWithTwoFaultsInItMayTakeWhatBothArePromised() {
            Promises promises = Promises.none()
                    .with(FaultClass.POSTMASTER_CRASH, new Promise(LossBound.none(), Duration.ofMillis(500), 1, true));
            Story story = new Story()
                    .promise(promises)
                    .acknowledged(95, A, 1)
                    .fault(100, "f1", FaultClass.POSTMASTER_CRASH, A)
                    .healed(110, "f1")
                    .fault(300, "f2", FaultClass.POSTMASTER_CRASH, B)
                    .healed(310, "f2");
            assertThat(check(story.acknowledged(1000, A, 3)).finding().outcome())
                    .isEqualTo(Ruling.KEPT);
            Finding finding = check(story.acknowledged(2100, A, 3)).finding();
            assertThat(finding.outcome())
                    .as("one fault only is to blame for the second pause")
                    .isEqualTo(Ruling.BROKEN);
            assertThat(finding.sentence()).contains("f2").doesNotContain("f1");
        }

        @Test
        void whereNothingIsPromisedForOneOfItsFaultsAPauseIsNotJudged() {
            Promises promises = Promises.none()
                    .with(FaultClass.POSTMASTER_CRASH, new Promise(LossBound.none(), Duration.ofMillis(500), 1, true));
            Story story = new Story()
                    .promise(promises)
                    .acknowledged(95, A, 1)
                    .fault(100, "f1", FaultClass.POSTMASTER_CRASH, A)
                    .sparing(300, "f2", FaultClass.DISK, B)
                    .acknowledged(5000, A, 1);
            Finding finding = check(story).finding();
            assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
            assertThat(finding.sentence())
                    .as("what was left out, how long it was, and why")
                    .contains("Left out", "4905 ms", "f2")
                    .doesNotContain("f1");
        }

        @Test
        void withoutAFaultItIsVacuous() {
            assertThat(check(Story.complete().without(RunEvent.FaultMade.class))
                            .finding()
                            .outcome())
                    .isEqualTo(Ruling.VACUOUS);
        }

        private long millis(Outage outage, Part part) {
            return outage.parts().get(part) / 1_000_000;
        }

        private Checker.Result check(Story story) {
            return new RecoveryTimeChecker().check(story.record());
        }
    }

    @Nested
    class Vacuity {

        @Test
        void aSoundRunIsNotVacuous() {
            assertThat(ruling(Story.complete())).isEqualTo(Ruling.KEPT);
        }

        @Test
        void nothingAcknowledged() {
            assertThat(ruling(new Story().probes(1).unknown(5, A, 1))).isEqualTo(Ruling.VACUOUS);
        }

        @Test
        void noFailover() {
            assertThat(ruling(new Story().acknowledged(1, A, 1).fault(50, "f", FaultClass.POSTMASTER_CRASH, A)))
                    .isEqualTo(Ruling.VACUOUS);
        }

        /** The isolated primary has switched its standby off, and goes on. */
        @Test
        void whereAMemberWasSwitchedOffInsteadNoFailoverIsMissed() {
            Story story = new Story().acknowledged(1, A, 1).fault(50, "f", FaultClass.HOST_ISOLATED, A);
            assertThat(ruling(story)).isEqualTo(Ruling.VACUOUS);
            assertThat(ruling(story.powerCut(60, "p1", A, B))).isEqualTo(Ruling.KEPT);
        }

        @Test
        void whereNoFaultNeedsAFailoverNoneIsMissed() {
            assertThat(ruling(new Story().acknowledged(1, A, 1).fault(50, "f", FaultClass.STANDBY_LOSS, B)))
                    .isEqualTo(Ruling.KEPT);
            assertThat(ruling(new Story().acknowledged(1, A, 1))).isEqualTo(Ruling.VACUOUS);
        }

        @Test
        void aFaultThatLastsMeetsTrafficAsLongAsItLasts() {
            Story story = new Story()
                    .acknowledged(1, A, 1)
                    .sparing(2000, "f", FaultClass.LINK_CUT, B)
                    .healed(4000, "f");
            assertThat(ruling(story)).isEqualTo(Ruling.VACUOUS);
            assertThat(ruling(story.acknowledged(3000, A, 1))).isEqualTo(Ruling.KEPT);
        }

        @Test
        void aFaultThatMetNoTraffic() {
            Story story = Story.crashAndReturn().fault(4500, "f9", FaultClass.HOST_CRASH, B);
            assertThat(ruling(story)).isEqualTo(Ruling.VACUOUS);
            assertThat(ruling(Story.crashAndReturn().fault(3900, "f9", FaultClass.HOST_CRASH, B)))
                    .isEqualTo(Ruling.KEPT);
        }

        @Test
        void aStoryThatWasCutShort() {
            assertThat(ruling(Story.complete().cut(2500))).isEqualTo(Ruling.INCONCLUSIVE);
        }

        @Test
        void aFaultThatWasNotMade() {
            assertThat(ruling(Story.complete().notMade(2500, "f9"))).isEqualTo(Ruling.INCONCLUSIVE);
            // Neither that another fault met no traffic nor that this one was of the examination makes it vacuous.
            assertThat(ruling(Story.complete()
                            .fault(4500, "f8", FaultClass.HOST_CRASH, B)
                            .notMade(2500, "f9")))
                    .isEqualTo(Ruling.INCONCLUSIVE);
            assertThat(ruling(Story.complete().notMade(6500, "f9"))).isEqualTo(Ruling.INCONCLUSIVE);
        }

        private Ruling ruling(Story story) {
            return new VacuityChecker().check(story.record()).finding().outcome();
        }
    }

    @Nested
    class Judging {

        private final Verdict.RunFacts facts =
                Verdict.RunFacts.of(7, "streaming", "crash-cycle", Map.of("postgresql", "17.6", "java", "17"));

        @Test
        void aSoundRunIsKeptByAll() {
            Verdict verdict = Judge.withAllCheckers().judge(Story.complete().record(), facts);
            assertThat(verdict.promises())
                    .allSatisfy(finding ->
                            assertThat(finding.outcome()).as(finding.toString()).isEqualTo(Ruling.KEPT));
            assertThat(verdict.verdict()).isEqualTo(Ruling.KEPT);
            assertThat(verdict.acknowledged()).isEqualTo(6);
            assertThat(verdict.unknown()).isEqualTo(1);
            assertThat(verdict.failed()).isEqualTo(4);
            assertThat(verdict.failovers()).isEqualTo(1);
            assertThat(verdict.outageMillis(0.5)).hasValue(450);
        }

        @Test
        void aCheckerThatFailsMakesItsPromiseInconclusive() {
            Checker broken = new Checker() {
                @Override
                public String promise() {
                    return "colour";
                }

                @Override
                public Result check(RunRecord run) {
                    throw new IllegalStateException("no idea");
                }
            };
            Verdict verdict = new Judge(List.of(broken, new DurabilityChecker()))
                    .judge(Story.complete().record(), facts);
            assertThat(verdict.verdict()).isEqualTo(Ruling.INCONCLUSIVE);
            assertThat(verdict.promises().get(0).sentence()).contains("no idea");
            assertThat(verdict.promises().get(1).outcome()).isEqualTo(Ruling.KEPT);
        }

        @Test
        void aVerdictIsReadBackAsItWas() {
            Story story = Story.complete().acknowledged(1500, A, 1);
            Verdict verdict = Judge.withAllCheckers().judge(story.record(), facts);
            assertThat(verdict.verdict()).isEqualTo(Ruling.BROKEN);
            VerdictJson json = new VerdictJson();
            String text = json.write(verdict);
            assertThat(json.read(text)).isEqualTo(verdict);
            assertThat(text).contains("\"verdict\" : \"broken\"", "\"writers_max\" : 2", "\"seed\" : 7");
            assertThatThrownBy(() -> json.read("{}")).hasMessageContaining("not a verdict");
            assertThatThrownBy(() -> json.read(text.substring(9))).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void withNothingJudgedNothingIsKept() {
            assertThat(Ruling.all(List.of())).isEqualTo(Ruling.VACUOUS);
            assertThat(Ruling.all(List.of(Ruling.KEPT, Ruling.VACUOUS))).isEqualTo(Ruling.VACUOUS);
            assertThat(Ruling.all(List.of(Ruling.BROKEN, Ruling.INCONCLUSIVE, Ruling.KEPT)))
                    .isEqualTo(Ruling.BROKEN);
        }
    }
}
