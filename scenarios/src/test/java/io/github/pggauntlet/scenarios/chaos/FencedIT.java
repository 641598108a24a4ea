package io.github.pggauntlet.scenarios.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.history.EventReader;
import io.github.pggauntlet.harness.history.RunEvent.PowerCut;
import io.github.pggauntlet.harness.history.RunEvent.PowerRestored;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two machines with no third opinion that can switch each other off. What a cut link does to them without that is told in
 * {@link UcarpIT}. {@code ./mvnw verify} plays one run, {@code ./mvnw verify -Pcampaign} all.
 */
@Tag("chaos")
@Tag("ucarp")
class FencedIT {

    private static final String STRATEGY = "ucarp-fenced";
    private static final String TROUBLE = "address-trouble";
    private static final long SEED = 5;

    /** Longer than it takes until one of the two is switched off, and until it has booted and hears nobody. */
    private static final Map<String, String> PARTED = Map.of("trouble", "parted", "seconds", "16");

    private static String name(String strategy, String scenario, Map<String, String> parameters) {
        return strategy + "-" + scenario + "-" + String.join("-", new TreeMap<>(parameters).values());
    }

    private static ChaosRun run(String strategy, String scenario, Map<String, String> parameters)
            throws InterruptedException {
        return ChaosRun.of(
                name(strategy, scenario, parameters),
                RunPlan.of(strategy, Durability.SYNC, scenario, parameters, SEED));
    }

    private static void keeps(String scenario, Map<String, String> parameters) throws InterruptedException {
        ChaosRun run = run(STRATEGY, scenario, parameters).requireVerdict(Ruling.KEPT);
        assertThat(run.verdict().lost()).as(run.summary()).isZero();
        assertThat(run.verdict().writersMax()).as(run.summary()).isEqualTo(1);
    }

    /** The machines do not hear each other; one switches the other off, which boots, finds nobody, and waits. */
    @Test
    @DisplayName("a cut link costs one of the two its power, and nothing else")
    void aCutLinkCostsOneOfTheTwoItsPowerAndNothingElse() throws InterruptedException {
        keeps(TROUBLE, PARTED);
        RunFolder folder = RunFolder.open(ChaosRun.folder(name(STRATEGY, TROUBLE, PARTED)));
        List<PowerCut> cuts = EventReader.read(folder.events()).stream()
                .filter(PowerCut.class::isInstance)
                .map(PowerCut.class::cast)
                .toList();
        assertThat(cuts).as("machines that were switched off").hasSize(1);
        assertThat(EventReader.read(folder.events()))
                .as("the power that came back")
                .filteredOn(PowerRestored.class::isInstance)
                .hasSize(1);
    }

    @DisplayName("crashes lose nothing:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"postmaster", "host", "stop"})
    void crashesLoseNothing(String fault) throws InterruptedException {
        keeps("crash-cycle", Map.of("fault", fault, "cycles", "2"));
    }

    /** What is silent is switched off, whether it is frozen, cut off, or only its agent is. */
    @DisplayName("what is silent is switched off, and nothing is lost:")
    @Tag("campaign")
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"host-frozen", "agent-frozen", "carrier-lost", "alone-then-return"})
    void whatIsSilentIsSwitchedOff(String scenario) throws InterruptedException {
        keeps(scenario, Map.of());
    }

    @Test
    @Tag("campaign")
    @DisplayName("a fence program that says what is not so is caught")
    void aFenceProgramThatSaysWhatIsNotSoIsCaught() throws InterruptedException {
        run("broken-fencer-lies", TROUBLE, PARTED).requireBroken("single-writer", "durability");
    }
}
