package io.github.pggauntlet.harness.check;

import static io.github.pggauntlet.harness.check.Story.A;
import static io.github.pggauntlet.harness.check.Story.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.SessionKind;
import org.junit.jupiter.api.Test;

class SingleWriterCheckerTest {

    @Test
    void aSoundRunIsKept() {
        Checker.Result result = check(Story.complete());
        assertThat(result.finding().outcome()).isEqualTo(Ruling.KEPT);
        assertThat(result.measures().writersMax()).isEqualTo(1);
    }

    @Test
    void overlappingTermsAreTwoWriters() {
        Checker.Result result = check(Story.complete().acknowledged(1500, A, 1));
        assertThat(result.finding().outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(result.measures().writersMax()).isEqualTo(2);
        assertThat(result.finding().evidence())
                .isNotEmpty()
                .allSatisfy(evidence -> assertThat(evidence.writes()).isNotEmpty());
    }

    @Test
    void aProbeFindsTheSecondWriterThatNoClientSees() {
        assertThat(check(Story.complete().write(1500, 1501, A, 1, 1, Outcome.ACKNOWLEDGED, SessionKind.PROBE))
                        .finding()
                        .outcome())
                .isEqualTo(Ruling.BROKEN);
    }

    @Test
    void anOldTimelineAfterANewerOneIsTwoWritersEvenIfTheyNeverOverlap() {
        Story story = new Story()
                .acknowledged(100, A, 1)
                .acknowledged(300, B, 2)
                .acknowledged(400, B, 2)
                .probes(10)
                .acknowledged(500, 510, A, 1);
        assertThat(check(story).finding().outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(check(story).measures().writersMax()).isEqualTo(2);
    }

    @Test
    void theSameTimelineOnTwoMembersIsTwoWriters() {
        Story story =
                new Story().acknowledged(100, A, 2).acknowledged(300, B, 2).probes(10);
        assertThat(check(story).finding().sentence()).contains("2 members");
    }

    @Test
    void aWriteThatWasUnderWayProvesNothing() {
        // Invoked on the old primary before the new one had acknowledged anything; its answer was merely slow.
        Story story = new Story()
                .probes(10)
                .acknowledged(100, A, 1)
                .acknowledged(200, 900, A, 1)
                .acknowledged(300, B, 2)
                .acknowledged(400, B, 2);
        assertThat(check(story).finding().outcome()).isEqualTo(Ruling.KEPT);
    }

    @Test
    void termsThatOnlyTouchProveNothing() {
        Story story = new Story()
                .probes(10)
                .acknowledged(100, 105, A, 1)
                .acknowledged(300, 305, A, 1)
                .acknowledged(290, 300, B, 2)
                .acknowledged(400, 405, B, 2);
        assertThat(check(story).finding().outcome()).isEqualTo(Ruling.KEPT);
    }

    @Test
    void aMemberNobodyProbedLeavesItOpen() {
        Checker.Result result = check(Story.complete().withoutProbes());
        assertThat(result.finding().outcome()).isEqualTo(Ruling.INCONCLUSIVE);
        assertThat(result.finding().sentence()).contains(A).contains(B);
    }

    @Test
    void withoutAWriterItIsVacuous() {
        assertThat(check(new Story().probes(10)).finding().outcome()).isEqualTo(Ruling.VACUOUS);
    }

    private static Checker.Result check(Story story) {
        return new SingleWriterChecker().check(story.record());
    }
}
