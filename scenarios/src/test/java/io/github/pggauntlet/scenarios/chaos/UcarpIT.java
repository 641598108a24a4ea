package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The virtual address that ucarp passes between two machines, with the real ucarp. Which story shows which failure known from the
 * field stands in {@code scenarios/docs/stories-ucarp.md}. {@code ./mvnw verify} plays four runs, {@code ./mvnw verify -Pcampaign}
 * all.
 */
@Tag("chaos")
@Tag("ucarp")
class UcarpIT {

    private static final String CRASHES = "crash-cycle";
    private static final String TROUBLE = "address-trouble";
    private static final long SEED = 5;

    /** As long as it takes until each machine takes writes alone, if it does at all, and a little longer. */
    private static final Map<String, String> PARTED = Map.of("trouble", "parted", "seconds", "12");

    /**
     * A story as it is played here.
     *
     * @param strategy with which strategy
     * @param scenario its name
     * @param durability the durability it is played with
     * @param writers how many members may be seen to acknowledge writes at once: 1 also where the strategy promises less
     */
    record Cast(String strategy, String scenario, Durability durability, int writers) {
        @Override
        public String toString() {
            return scenario + ", " + strategy + ", " + durability.id();
        }
    }

    private static Cast alone(String scenario) {
        return new Cast("ucarp-streaming-fast", scenario, Durability.SYNC, 1);
    }

    private static Cast witnessed(String scenario) {
        return new Cast("ucarp-streaming-witness", scenario, Durability.SYNC, 1);
    }

    static Stream<Cast> stories() {
        return Stream.of(
                alone("ucarp-frozen"),
                alone("slow-up-script"),
                alone("clock-forward"),
                alone("carrier-lost"),
                alone("address-astray"),
                alone("postgres-frozen"),
                alone("agent-frozen"),
                alone("agent-killed"),
                alone("alone-then-return"),
                new Cast("ucarp-streaming-fast", "host-frozen", Durability.SYNC, 2),
                witnessed("carrier-lost"),
                witnessed("ucarp-frozen"));
    }

    @DisplayName("every promise is kept:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void stories(Cast cast) throws InterruptedException {
        ChaosRun run = ChaosRun.of(
                        cast.strategy() + "-" + cast.scenario(),
                        RunPlan.of(cast.strategy(), cast.durability(), cast.scenario(), Map.of(), SEED))
                .requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().writersMax()).as(run.summary()).isLessThanOrEqualTo(cast.writers());
        if (cast.writers() == 1) {
            assertThat(run.verdict().lost()).as(run.summary()).isZero();
        }
    }

    @DisplayName("an asynchronous standby loses no more than is said, and there is one writer:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"postmaster", "host"})
    void anAsynchronousStandbyLosesNoMoreThanIsSaid(String fault) throws InterruptedException {
        ChaosRun run = ChaosRun.of(
                        "ucarp-streaming-fast-async-" + fault,
                        RunPlan.of(
                                "ucarp-streaming-fast",
                                Durability.ASYNC,
                                CRASHES,
                                Map.of("fault", fault, "cycles", "2"),
                                SEED))
                .requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    @DisplayName("faults drawn by lot, those of the address among them, lose nothing:")
    @Tag("campaign")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 8})
    void faultsDrawnByLotLoseNothing(long seed) throws InterruptedException {
        ChaosRun run = ChaosRun.of(
                        "ucarp-streaming-fast-random-" + seed,
                        RunPlan.of(
                                "ucarp-streaming-fast", Durability.SYNC, "random-faults", Map.of("faults", "6"), seed))
                .requireKeptOrUntried("rejoin", "write-outage");
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
    }

    private static ChaosRun run(String strategy, String scenario, Map<String, String> parameters)
            throws InterruptedException {
        return ChaosRun.of(
                strategy + "-" + scenario + "-" + String.join("-", new TreeMap<>(parameters).values()),
                RunPlan.of(strategy, Durability.SYNC, scenario, parameters, SEED));
    }

    @Test
    @DisplayName("crashes lose nothing, and the address follows PostgreSQL")
    void crashesLoseNothing() throws InterruptedException {
        crash("ucarp-streaming-fast", "postmaster");
    }

    @DisplayName("crashes lose nothing, and the address follows PostgreSQL:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({"ucarp-streaming-fast, host", "ucarp-streaming, postmaster"})
    void moreCrashesLoseNothing(String strategy, String fault) throws InterruptedException {
        crash(strategy, fault);
    }

    private static void crash(String strategy, String fault) throws InterruptedException {
        ChaosRun run =
                run(strategy, CRASHES, Map.of("fault", fault, "cycles", "2")).requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    @DisplayName("machines that do not hear each other keep what is promised:")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"ucarp-streaming-fast", "ucarp-streaming-witness"})
    void machinesThatDoNotHearEachOtherKeepWhatIsPromised(String strategy) throws InterruptedException {
        run(strategy, TROUBLE, PARTED).requireVerdict(Ruling.KEPT);
    }

    @DisplayName("trouble with ucarp alone makes no second primary:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"killed", "muted"})
    void troubleWithUcarpMakesNoSecondPrimary(String trouble) throws InterruptedException {
        ChaosRun run =
                run("ucarp-streaming-fast", TROUBLE, Map.of("trouble", trouble)).requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    @Test
    @DisplayName("who claims that two machines alone survive a cut link is caught")
    void whoClaimsThatTwoMachinesAloneSurviveACutLinkIsCaught() throws InterruptedException {
        ChaosRun run = run("broken-ucarp-alone", TROUBLE, PARTED).requireBroken("single-writer", "durability");
        Finding address = run.verdict().promises().stream()
                .filter(finding -> finding.promise().equals("virtual-address"))
                .findFirst()
                .orElseThrow();
        assertThat(address.outcome()).as(run.summary()).isEqualTo(Ruling.BROKEN);
        assertThat(address.evidence().toString()).as(run.summary()).contains("both had it on an interface");
    }
}
