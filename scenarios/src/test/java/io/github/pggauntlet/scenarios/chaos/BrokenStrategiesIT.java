package io.github.pggauntlet.scenarios.chaos;

import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A harness that never turns red proves nothing: each mistake must be caught, and the right promise found broken. */
@Tag("chaos")
@Tag("broken")
class BrokenStrategiesIT {

    private static final String DURABILITY = "durability";
    private static final String SINGLE_WRITER = "single-writer";
    private static final long SEED = 5;

    private static ChaosRun run(String strategy, String scenario, Map<String, String> parameters)
            throws InterruptedException {
        return ChaosRun.of(strategy, RunPlan.of(strategy, Durability.SYNC, scenario, parameters, SEED));
    }

    @Test
    @DisplayName("an asynchronous standby called synchronous loses what the slow link held back")
    void anAsynchronousStandbyCalledSynchronousLosesWhatTheSlowLinkHeldBack() throws InterruptedException {
        run("broken-async-called-sync", "slow-link", Map.of()).requireBroken(DURABILITY);
    }

    @Test
    @DisplayName("a lazy commit loses what was in the primary's memory")
    void aLazyCommitLosesWhatWasInThePrimarysMemory() throws InterruptedException {
        // Several crashes, so that one that happens to come just after a flush does not decide.
        run("broken-lazy-commit", "crash-cycle", Map.of("fault", "postmaster", "cycles", "2"))
                .requireBroken(DURABILITY);
    }

    @Test
    @DisplayName("a promotion without lease makes a second primary of a slow link")
    void aPromotionWithoutLeaseMakesASecondPrimaryOfASlowLink() throws InterruptedException {
        run("broken-no-lease", "slow-link", Map.of()).requireBroken(SINGLE_WRITER, DURABILITY);
    }

    @Test
    @DisplayName("an old primary that comes back as primary is a second writer")
    void anOldPrimaryThatComesBackAsPrimaryIsASecondWriter() throws InterruptedException {
        run("broken-old-primary-again", "crash-cycle", Map.of("fault", "postmaster", "cycles", "1"))
                .requireBroken(SINGLE_WRITER);
    }
}
