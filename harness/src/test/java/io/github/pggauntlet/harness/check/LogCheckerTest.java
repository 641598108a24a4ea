package io.github.pggauntlet.harness.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What servers say of damaged data is heard, and held against nobody where a disk was broken on purpose. */
class LogCheckerTest {

    private static final RunEvent READ = new RunEvent.LogRead(9, Story.A, 400);
    private static final RunEvent PANIC =
            new RunEvent.LogLine(8, Story.A, 17, "PANIC:  could not locate a valid checkpoint record at 0/5000028");

    private static RunRecord record(RunEvent... events) {
        return new RunRecord(Story.complete().record().history(), List.of(events), Story.promising(LossBound.none()));
    }

    private static Finding judge(RunEvent... events) {
        return new LogChecker().check(record(events)).finding();
    }

    private static RunEvent fault(FaultClass of) {
        return new RunEvent.FaultMade(1, 1, "f1", "a fault", of, "the primary", Story.A, "seen");
    }

    @Test
    void logsWithoutSuchLinesAreKept() {
        Finding finding = judge(fault(FaultClass.HOST_CRASH), READ, new RunEvent.LogRead(9, Story.B, 100));
        assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
        assertThat(finding.sentence()).contains("500 lines of 2 logs");
    }

    @Test
    void aServerThatSpeaksOfDamageBreaksIt() {
        Finding finding = judge(fault(FaultClass.HOST_CRASH), PANIC, READ);
        assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
        assertThat(finding.sentence()).contains("line 17 of the log of " + Story.A);
        assertThat(finding.evidence()).hasSize(1);
    }

    @Test
    void aDiskThatWasBrokenOnPurposeIsHeldAgainstNobody() {
        Finding finding = judge(fault(FaultClass.HOST_CRASH), fault(FaultClass.DISK), PANIC, READ);
        assertThat(finding.outcome()).isEqualTo(Ruling.KEPT);
        assertThat(finding.sentence()).contains("on purpose").contains("PANIC");
    }

    @Test
    void manyLinesAreCountedAndTheFirstAreShown() {
        List<RunEvent> many = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            many.add(PANIC);
        }
        many.add(READ);
        Finding finding = judge(many.toArray(RunEvent[]::new));
        assertThat(finding.sentence()).contains("30 lines in all");
        assertThat(finding.evidence()).hasSize(20);
    }

    @Test
    void whereNoLogWasReadThereIsNothingToSay() {
        assertThat(new LogChecker().concerns(record(fault(FaultClass.HOST_CRASH))))
                .isFalse();
        assertThat(new LogChecker().concerns(record(READ))).isTrue();
    }
}
