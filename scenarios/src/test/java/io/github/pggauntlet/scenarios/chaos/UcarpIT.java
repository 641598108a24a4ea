package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The virtual address that ucarp passes between two machines, with the real ucarp. */
@Tag("chaos")
@Tag("ucarp")
class UcarpIT {

    private static final String CRASHES = "crash-cycle";
    private static final String TROUBLE = "address-trouble";
    private static final long SEED = 5;

    private static ChaosRun run(String strategy, String scenario, Map<String, String> parameters)
            throws InterruptedException {
        return ChaosRun.of(
                strategy + "-" + scenario + "-" + String.join("-", parameters.values()),
                RunPlan.of(strategy, Durability.SYNC, scenario, parameters, SEED));
    }

    @DisplayName("crashes lose nothing, and the address follows PostgreSQL:")
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"ucarp-streaming-fast, postmaster", "ucarp-streaming-fast, host", "ucarp-streaming, postmaster"})
    void crashesLoseNothing(String strategy, String fault) throws InterruptedException {
        ChaosRun run =
                run(strategy, CRASHES, Map.of("fault", fault, "cycles", "2")).requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    @DisplayName("trouble between the machines makes no second primary, as far as that is promised:")
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "ucarp-streaming-fast, killed",
        "ucarp-streaming-fast, muted",
        "ucarp-streaming-fast, parted",
        "ucarp-streaming-witness, parted"
    })
    void troubleIsSurvivedAsPromised(String strategy, String trouble) throws InterruptedException {
        run(strategy, TROUBLE, Map.of("trouble", trouble)).requireVerdict(Ruling.KEPT);
    }

    @Test
    @DisplayName("who claims that two machines alone survive a cut link is caught")
    void whoClaimsThatTwoMachinesAloneSurviveACutLinkIsCaught() throws InterruptedException {
        run("broken-ucarp-alone", TROUBLE, Map.of("trouble", "parted")).requireBroken("single-writer", "durability");
    }
}
