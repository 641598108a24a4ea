package io.github.pggauntlet.harness.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A sound pair of disks is left in peace; each way in which one can be wrong is found. */
class DiskCheckerTest {

    private static final long MILLI = 1_000_000;
    private final List<RunEvent> events = new ArrayList<>();
    private Promises promises = Story.promising(LossBound.none());

    private DiskCheckerTest says(long at, String member, String connection, String roles, String disks) {
        String[] role = roles.split("/");
        String[] disk = disks.split("/");
        events.add(new RunEvent.DiskSample(at * MILLI, member, connection, role[0], role[1], disk[0], disk[1]));
        return this;
    }

    /** A failover under one fault, as a sound pair of disks tells it. */
    private DiskCheckerTest failover() {
        says(100, Story.A, "Connected", "Primary/Secondary", "UpToDate/UpToDate");
        says(110, Story.B, "Connected", "Secondary/Primary", "UpToDate/UpToDate");
        fault(1000, FaultClass.HOST_CRASH);
        says(1500, Story.B, "WFConnection", "Secondary/Unknown", "UpToDate/DUnknown");
        says(2000, Story.B, "WFConnection", "Primary/Unknown", "UpToDate/DUnknown");
        says(3000, Story.A, "SyncTarget", "Secondary/Primary", "Inconsistent/UpToDate");
        return says(4000, Story.A, "Connected", "Secondary/Primary", "UpToDate/UpToDate")
                .says(4010, Story.B, "VerifyS", "Primary/Secondary", "UpToDate/UpToDate");
    }

    private DiskCheckerTest fault(long at, FaultClass fault) {
        events.add(
                new RunEvent.FaultMade(at * MILLI, at * MILLI, "f1", "a fault", fault, "the primary", Story.A, "seen"));
        return this;
    }

    private DiskCheckerTest compared(long differing) {
        events.add(new RunEvent.DisksCompared(4500 * MILLI, Story.B, differing));
        return this;
    }

    private Finding judge() {
        return new DiskChecker()
                .check(new RunRecord(Story.complete().record().history(), events, promises))
                .finding();
    }

    @Test
    void aSoundFailoverIsKept() {
        assertThat(failover().compared(0).judge().outcome()).isEqualTo(Ruling.KEPT);
    }

    @Test
    void withoutAComparisonNothingIsKept() {
        assertThat(failover().judge().outcome()).isEqualTo(Ruling.INCONCLUSIVE);
    }

    @Test
    void theWordOfOneMachineIsNotEnough() {
        says(100, Story.A, "Connected", "Primary/Secondary", "UpToDate/UpToDate");
        fault(1000, FaultClass.HOST_CRASH);
        says(4000, Story.A, "Connected", "Primary/Secondary", "UpToDate/UpToDate");
        Finding finding = compared(0).judge();
        assertThat(finding.outcome()).isEqualTo(Ruling.INCONCLUSIVE);
        assertThat(finding.sentence()).contains("only machine0");
    }

    @Test
    void disksThatDifferAreFound() {
        Finding finding = failover().compared(4).judge();
        assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.sentence()).contains("differed in 4 kB");
    }

    @Test
    void standAloneIsNeverHealth() {
        says(3500, Story.B, "StandAlone", "Primary/Unknown", "UpToDate/DUnknown");
        Finding finding = failover().compared(0).judge();
        assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.sentence()).contains("machine1 is StandAlone at 3.500 s");
    }

    @Test
    void whoWasAwayAndFindsTheOtherOneWritingMayStandAloneUntilItHasStartedAnew() {
        promises =
                promises.with(FaultClass.HOST_FROZEN, new Promise(LossBound.none(), Duration.ofMillis(800), 1, true));
        fault(1000, FaultClass.HOST_FROZEN);
        events.add(new RunEvent.FaultHealed(3000 * MILLI, "f1", "goes on"));
        says(3500, Story.A, "StandAlone", "Primary/Unknown", "UpToDate/DUnknown");
        assertThat(failover().compared(0).judge().outcome()).isEqualTo(Ruling.KEPT);

        says(3900, Story.A, "StandAlone", "Primary/Unknown", "UpToDate/DUnknown");
        assertThat(judge().sentence()).contains("machine0 is StandAlone at 3.900 s");
    }

    @Test
    void twoPrimariesAndAPrimaryOnABadDiskAreFound() {
        says(3500, Story.B, "Connected", "Primary/Primary", "UpToDate/UpToDate");
        says(3600, Story.B, "Connected", "Primary/Secondary", "Inconsistent/UpToDate");
        assertThat(failover().compared(0).judge().evidence())
                .extracting(Evidence::what)
                .containsExactly(
                        "machine1 is Primary beside a Primary at 3.500 s.",
                        "machine1 is Primary on a disk that is Inconsistent at 3.600 s.");
    }

    @Test
    void whoIsNotWholeInTheEndIsFound() {
        failover().says(4900, Story.A, "WFConnection", "Secondary/Unknown", "UpToDate/DUnknown");
        assertThat(compared(0).judge().sentence()).contains("When all was healed machine0 said last");
    }

    @Test
    void whereTwoWritersAreNotExcludedItIsToldAndHeldAgainstNobody() {
        promises = Promises.none()
                .with(FaultClass.HOST_CRASH, new Promise(LossBound.notPromised(), Duration.ofSeconds(1), 2, true));
        says(3500, Story.B, "StandAlone", "Primary/Unknown", "UpToDate/DUnknown");
        Finding finding = failover().compared(0).judge();
        assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
        assertThat(finding.sentence()).contains("Nothing was promised", "StandAlone");
        promises = Promises.none();
        assertThat(judge().outcome()).isEqualTo(Ruling.KEPT);
    }

    @Test
    void aRunWithoutSuchDisksIsNoneOfItsBusiness() {
        assertThat(new DiskChecker().concerns(Story.complete().record())).isFalse();
    }
}
