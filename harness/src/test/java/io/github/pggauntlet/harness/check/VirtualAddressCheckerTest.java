package io.github.pggauntlet.harness.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.History;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualAddressCheckerTest {

    private static final long MILLI = 1_000_000L;

    private final List<RunEvent> events = new ArrayList<>();
    private Promises promises = Promises.none()
            .with(FaultClass.HOST_CRASH, new Promise(LossBound.none(), Duration.ofSeconds(20), 1, true))
            .with(FaultClass.PARTITION, new Promise(LossBound.notPromised(), Duration.ofSeconds(20), 2, true));

    private VirtualAddressCheckerTest samples(long from, int count, String... owners) {
        for (int i = 0; i < count; i++) {
            events.add(new RunEvent.AddressSample((from + 500L * i) * MILLI, List.of(owners)));
        }
        return this;
    }

    private VirtualAddressCheckerTest held(long from, int count, String... holders) {
        for (int i = 0; i < count; i++) {
            events.add(new RunEvent.AddressHeld((from + 500L * i) * MILLI, List.of(holders), List.of()));
        }
        return this;
    }

    private VirtualAddressCheckerTest fault(long at, FaultClass fault) {
        events.add(new RunEvent.FaultMade(
                at * MILLI, at * MILLI, "f1", "a fault", fault, "the primary", "machine0", "seen"));
        return this;
    }

    private Finding judge() {
        Story story = Story.complete();
        RunRecord record = story.record();
        History history = record.history();
        return new VirtualAddressChecker()
                .check(new RunRecord(history, events, promises))
                .finding();
    }

    @Test
    void aHandOverIsNoSecondOwner() {
        fault(1000, FaultClass.HOST_CRASH).samples(0, 2, "machine0").samples(1000, 3, "machine0", "machine1");
        samples(2500, 4, "machine1");
        assertThat(judge().outcome()).isEqualTo(Ruling.KEPT);
    }

    @Test
    void twoOwnersForLongerAreASplit() {
        fault(1000, FaultClass.HOST_CRASH).samples(0, 2, "machine0").samples(1000, 5, "machine0", "machine1");
        Finding finding = judge();
        assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.evidence().get(0).what())
                .isEqualTo("machine0 and machine1 both answered from 1.000 s to 3.000 s.");
    }

    @Test
    void anOwnerThatNobodyHearsIsSeenOnItsMachine() {
        fault(1000, FaultClass.HOST_CRASH).samples(0, 10, "machine0");
        held(0, 4, "machine0").held(2000, 4, "machine0", "machine1");
        Finding finding = judge();
        assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.evidence())
                .singleElement()
                .satisfies(evidence -> assertThat(evidence.what())
                        .isEqualTo("machine0 and machine1 both had it on an interface from 2.000 s to 3.500 s."));
    }

    @Test
    void aHandOverOnTheMachinesIsNoSecondOwner() {
        fault(1000, FaultClass.HOST_CRASH).samples(0, 2, "machine0").samples(1500, 2, "machine1");
        held(0, 2, "machine0").held(1000, 2, "machine0", "machine1").held(2000, 2, "machine1");
        assertThat(judge().outcome()).isEqualTo(Ruling.KEPT);
    }

    @Test
    void whereTwoWritersAreNotExcludedNeitherAreTwoOwners() {
        fault(1000, FaultClass.PARTITION).samples(1000, 5, "machine0", "machine1");
        assertThat(judge().outcome()).isEqualTo(Ruling.KEPT);
        assertThat(judge().sentence()).contains("does not exclude");
    }

    @Test
    void anAddressThatNobodyEverHadProvesNothing() {
        samples(0, 5);
        assertThat(judge().outcome()).isEqualTo(Ruling.VACUOUS);
    }

    @Test
    void theTakeoverStandsBesideTheArithmetic() {
        events.add(new RunEvent.AddressTime(0, "machine1", 2500 * MILLI, 5000 * MILLI));
        fault(1000, FaultClass.HOST_CRASH).samples(0, 2, "machine0").samples(1000, 6);
        samples(4000, 2, "machine1");
        assertThat(judge().sentence())
                .contains("After f1 machine1 had it within 3.000 s"
                        + " (master after 2.500 s to 5.000 s by the arithmetic, which agrees).");
    }

    @Test
    void theMachinesOwnWordIsTheExacterOne() {
        events.add(new RunEvent.AddressTime(0, "machine1", 2500 * MILLI, 5000 * MILLI));
        fault(1000, FaultClass.HOST_CRASH).samples(0, 2, "machine0").samples(1000, 12);
        samples(7000, 2, "machine1").held(0, 2, "machine0").held(1000, 6).held(4000, 8, "machine1");
        assertThat(judge().sentence()).contains("After f1 machine1 had it within 3.000 s");
    }

    @Test
    void aTakeoverThatIsOffByMoreThanAnAdvertisementIsTold() {
        events.add(new RunEvent.AddressTime(0, "machine1", 1000 * MILLI, 2000 * MILLI));
        fault(1000, FaultClass.HOST_CRASH).samples(0, 2, "machine0").samples(1000, 6);
        samples(4000, 2, "machine1");
        assertThat(judge().sentence())
                .contains("by the arithmetic, 1.000 s away from that, and more than an advertisement).");
    }

    @Test
    void aRunWithoutAnAddressIsNotJudged() {
        assertThat(new VirtualAddressChecker().concerns(Story.complete().record()))
                .isFalse();
        samples(0, 1, "machine0");
        assertThat(new VirtualAddressChecker()
                        .concerns(new RunRecord(Story.complete().record().history(), events, promises)))
                .isTrue();
    }
}
