package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.DiskChecker;
import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One PostgreSQL on a disk that the kernel's own DRBD keeps alike on two machines, each with a kernel of its own. A machine that
 * is killed here loses its power. {@code ./mvnw verify} plays one crash cycle, {@code ./mvnw verify -Pcampaign} all.
 */
@Tag("chaos")
@Tag("drbd")
class UcarpDrbdIT {

    private static final String CRASHES = "crash-cycle";
    private static final long SEED = 5;

    private static ChaosRun run(String strategy, Durability durability, String scenario, Map<String, String> parameters)
            throws InterruptedException {
        return ChaosRun.of(
                strategy + "-" + durability.id() + "-" + scenario + "-"
                        + String.join("-", new java.util.TreeMap<>(parameters).values()),
                RunPlan.of(strategy, durability, scenario, parameters, SEED));
    }

    @Test
    @DisplayName("machines that lose their power take nothing with them, and the disks are equal in the end")
    void powerLossesLoseNothing() throws InterruptedException {
        crash("ucarp-drbd", "host", 1);
    }

    @DisplayName("crashes lose nothing, and the disks are equal in the end:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}, {1}, {2} cycles")
    @CsvSource({"ucarp-drbd, postmaster, 3", "ucarp-drbd, host, 3", "ucarp-drbd-plain, host, 2"})
    void moreCrashesLoseNothing(String strategy, String fault, int cycles) throws InterruptedException {
        crash(strategy, fault, cycles);
    }

    @Test
    @Tag("campaign")
    @DisplayName("without fencing a cut link splits the brain: what one of the two had acknowledged is lost, and told")
    void withoutFencingTheBrainIsSplit() throws InterruptedException {
        ChaosRun run = run("ucarp-drbd-plain", Durability.SYNC, "split-brain", Map.of())
                .requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isPositive();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(2);
    }

    @Test
    @Tag("campaign")
    @DisplayName("with fencing the same cut leaves one writer, and loses nothing")
    void withFencingOneGoesOn() throws InterruptedException {
        ChaosRun run = run(
                        "ucarp-drbd", Durability.SYNC, "address-trouble", Map.of("trouble", "parted", "seconds", "60"))
                .requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    /** Longer than ucarp waits. */
    private static final String AWAY = """
            {"steps": [
              {"kind": "%s", "victim": "primary", "moment": "whole", "writes": 200, "lasts_ms": 45000},
              {"kind": "%s", "victim": "standby", "moment": "whole", "writes": 200, "lasts_ms": 20000}]}
            """;

    @Tag("campaign")
    @DisplayName("with fencing a primary that is away, and comes back as if nothing had been, makes no second writer:")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"freeze-host", "isolate-host"})
    void aPrimaryThatIsAwayWritesNoMore(String kind) throws InterruptedException {
        ChaosRun run = ChaosRun.of(
                        "ucarp-drbd-" + kind,
                        RunPlan.of(
                                "ucarp-drbd",
                                Durability.SYNC,
                                "random-faults",
                                Map.of("schedule", AWAY.formatted(kind, kind)),
                                SEED))
                .requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    /**
     * The links between the machines are cut, and before either can have missed the other the one that writes loses its
     * power. The story is the same for both protocols; what a client was told meanwhile is not.
     */
    private static final Map<String, String> UNSENT = Map.of("cut", "yes", "seconds", "0", "end", "host");

    @Test
    @Tag("campaign")
    @DisplayName("protocol A loses with a machine what was still on its way to the other one")
    void protocolALosesWhatWasOnItsWay() throws InterruptedException {
        ChaosRun run =
                run("ucarp-drbd-plain", Durability.ASYNC, "slow-link", UNSENT).requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isPositive();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    @Test
    @Tag("campaign")
    @DisplayName("protocol C loses nothing by it, since it acknowledged nothing of that")
    void protocolCAcknowledgesNothingThatIsOnItsWay() throws InterruptedException {
        ChaosRun run =
                run("ucarp-drbd-plain", Durability.SYNC, "slow-link", UNSENT).requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    private static void crash(String strategy, String fault, int cycles) throws InterruptedException {
        ChaosRun run = run(
                        strategy, Durability.SYNC, CRASHES, Map.of("fault", fault, "cycles", Integer.toString(cycles)))
                .requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
        assertThat(run.verdict().promises())
                .as(run.summary())
                .filteredOn(finding -> finding.promise().equals(DiskChecker.PROMISE))
                .extracting(Finding::outcome)
                .containsExactly(Ruling.KEPT);
    }
}
