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

/**
 * The other major versions of PostgreSQL, with the stories in which they differ most: a rewind, a clean shutdown, and names of
 * synchronous standbys with a quorum.
 */
@Tag("chaos")
@Tag("streaming")
@Tag("campaign")
class PostgresVersionsIT {

    private static final long SEED = 7;

    @DisplayName("nothing is lost, and every failed member returns:")
    @ParameterizedTest(name = "PostgreSQL {0}, {1}, {2}")
    @CsvSource({
        "15, crash-cycle, SYNC, 2, postmaster",
        "15, crash-cycle, QUORUM, 3, stop",
        "18, crash-cycle, SYNC, 2, postmaster",
        "18, crash-cycle, QUORUM, 3, stop"
    })
    void nothingIsLost(int postgres, String scenario, Durability durability, int machines, String fault)
            throws InterruptedException {
        RunPlan plan = RunPlan.of("streaming", durability, scenario, Map.of("cycles", "2", "fault", fault), SEED)
                .withPostgres(postgres)
                .withMachines(machines);

        ChaosRun run = ChaosRun.of("postgres-" + postgres + "-" + durability.id() + "-" + fault, plan)
                .requireVerdict(Ruling.KEPT);

        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
        assertThat(run.verdict().run().versions().get("postgresql"))
                .as(run.summary())
                .isEqualTo(Integer.toString(postgres));
    }
}
