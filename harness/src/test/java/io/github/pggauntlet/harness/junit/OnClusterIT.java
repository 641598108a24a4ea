package io.github.pggauntlet.harness.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.fault.FaultKind;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultSchedule.Moment;
import io.github.pggauntlet.harness.fault.FaultSchedule.Step;
import io.github.pggauntlet.harness.fault.FaultSchedule.Victim;
import io.github.pggauntlet.harness.run.Run;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What a class gets that asks for a cluster. One story in two chapters: the cluster is theirs together. */
@OnCluster(rate = 200)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OnClusterIT {

    private static FaultSchedule one(FaultKind kind) {
        return new FaultSchedule(List.of(
                new Step(kind, Victim.PRIMARY, Moment.WHOLE, 50, Duration.ofMillis(500), Duration.ofMillis(100))));
    }

    @Test
    @Order(1)
    void storiesShareACluster(Bed bed) throws InterruptedException {
        Verdict first = bed.requireKept(one(FaultKind.KILL_POSTMASTER));
        Verdict second = bed.requireKept(one(FaultKind.KILL_HOST));

        assertThat(bed.testBed().built()).isEqualTo(1);
        // Each is judged by what was written in it: the second did not see the first one's rows as its own, nor as
        // strangers.
        assertThat(List.of(first, second)).allSatisfy(verdict -> {
            assertThat(verdict.acknowledged()).isPositive();
            assertThat(verdict.lost()).isZero();
        });
    }

    @Test
    @Order(2)
    void aStoryThatPutNothingToTheTestIsNotKeptAndItsClusterIsGivenUp(Bed bed) throws InterruptedException {
        assertThat(bed.testBed().built()).as("the cluster of the test before").isEqualTo(1);
        assertThatThrownBy(() -> bed.requireKept(new FaultSchedule(List.of())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The verdict is vacuous")
                .hasMessageContaining("./gauntlet run");

        Run.Result next = bed.play(one(FaultKind.KILL_POSTMASTER));
        assertThat(next.verdict().verdict()).isEqualTo(Ruling.KEPT);
        assertThat(bed.testBed().built()).isEqualTo(2);
    }
}
