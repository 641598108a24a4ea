package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A standby that lags behind when the primary fails. */
@Tag("chaos")
@Tag("streaming")
class SlowLinkIT {

    private static final long SEED = 11;

    @DisplayName("what is promised holds also when the standby lags:")
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void whatIsPromisedHoldsAlsoWhenTheStandbyLags(Durability durability) throws InterruptedException {
        RunPlan plan = RunPlan.of("streaming", durability, "slow-link", Map.of(), SEED)
                .withMachines(durability.leastMembers());

        ChaosRun run = ChaosRun.of("slow-link-" + durability.id(), plan).requireVerdict(Ruling.KEPT);

        assertThat(run.verdict().failovers()).as(run.summary()).isPositive();
        if (durability != Durability.ASYNC) {
            assertThat(run.verdict().lost()).as(run.summary()).isZero();
        }
    }
}
