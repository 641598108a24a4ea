package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The story everything starts from, on real servers. */
@Tag("chaos")
@Tag("streaming")
class CrashCycleIT {

    private static final long SEED = 7;

    @DisplayName("every failure is survived and every failed member returns:")
    @ParameterizedTest(name = "{0}, {1}, {2} cycles")
    @CsvSource({"postmaster, SYNC, 3", "host, SYNC, 2", "stop, SYNC, 2", "postmaster, ASYNC, 2"})
    void everyFailureIsSurvivedAndEveryFailedMemberReturns(String fault, Durability durability, int cycles)
            throws InterruptedException {
        RunPlan plan = RunPlan.of(
                "streaming",
                durability,
                "crash-cycle",
                Map.of("fault", fault, "cycles", Integer.toString(cycles)),
                SEED);

        ChaosRun run = ChaosRun.of("crash-cycle-" + fault + "-" + durability.id(), plan)
                .requireVerdict(Ruling.KEPT);

        // More of them are no fault of anybody's where the computer is so slow that a lease ends.
        assertThat(run.verdict().failovers()).as(run.summary()).isGreaterThanOrEqualTo(cycles);
        // Each cycle's, and the standby's at the end.
        assertThat(run.verdict().rejoins().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .as(run.summary())
                .isEqualTo(cycles + 1);
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
        if (durability == Durability.SYNC) {
            assertThat(run.verdict().lost()).as(run.summary()).isZero();
        }
    }
}
