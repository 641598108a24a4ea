package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Timings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Streaming replication on machines with a kernel of their own: what was not flushed is lost with the power, and each machine has
 * a clock that can be wrong.
 */
@Tag("chaos")
@Tag("campaign")
class OwnKernelIT {

    private static final long SEED = 11;

    /** Losses of power between them, so that who has a wrong clock has to take over, and to give way. */
    private static final List<String> WRONG_CLOCKS = List.of(
            step("slow-clock", "primary"),
            step("power-loss", "primary"),
            step("step-clock", "primary"),
            step("power-loss", "primary"),
            step("fast-clock", "standby"),
            step("step-clock-back", "primary"),
            step("power-loss", "primary"));

    private static String step(String kind, String victim) {
        return "{\"kind\": \"" + kind + "\", \"victim\": \"" + victim
                + "\", \"moment\": \"whole\", \"writes\": 100, \"lasts_ms\": 10000}";
    }

    private static ChaosRun run(String name, String scenario, Map<String, String> parameters)
            throws InterruptedException {
        ChaosRun run = ChaosRun.of(
                        "own-kernel-" + name,
                        RunPlan.of("streaming", Durability.SYNC, scenario, parameters, SEED)
                                .withOwnKernels(true)
                                .withTimings(Timings.production()))
                .requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
        return run;
    }

    @Test
    @DisplayName("machines that lose their power lose nothing that was acknowledged")
    void powerLossesLoseNothing() throws InterruptedException {
        run("power", "crash-cycle", Map.of("fault", "host", "cycles", "2"));
    }

    @Test
    @DisplayName("clocks that jump by an hour or run wrong by a twentieth end no primary's right too late")
    void wrongClocksMakeNoSecondWriter() throws InterruptedException {
        run("clocks", "random-faults", Map.of("schedule", "{\"steps\": [" + String.join(", ", WRONG_CLOCKS) + "]}"));
    }
}
