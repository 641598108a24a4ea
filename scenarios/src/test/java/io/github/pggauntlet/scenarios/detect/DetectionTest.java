package io.github.pggauntlet.scenarios.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.scenarios.cli.Catalogue;
import io.github.pggauntlet.strategy.HaStrategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionTest {

    private static final Mistake DIRECT = Mistakes.of("broken-no-lease");
    private static final Mistake BY_LOT = Mistakes.of("broken-renewal-assumed");
    private static final String TWO =
            "{\"steps\":[{\"kind\":\"kill-postmaster\",\"victim\":\"primary\",\"moment\":\"whole\"},"
                    + "{\"kind\":\"isolate-but-clients\",\"victim\":\"last-hit\",\"moment\":\"at-rejoin\"}]}";

    private final List<RunPlan> played = new ArrayList<>();

    @TempDir
    private Path folder;

    private Detective detective(int tries, Detective.Player player) {
        Detective.Player noting = (plan, path) -> {
            played.add(plan);
            return player.play(plan, path);
        };
        return new Detective(
                noting, folder, System::nanoTime, new Detective.Limits(7, Duration.ofMinutes(10), tries, 3));
    }

    private static Detective.Played verdict(Ruling ruling, String promise, Optional<FaultSchedule> schedule) {
        return new Detective.Played(
                new Verdict(
                        ruling,
                        List.of(Finding.of(promise, ruling, "It was so.")),
                        10,
                        0,
                        0,
                        0,
                        1,
                        new TreeMap<>(),
                        1,
                        List.of(),
                        Verdict.RunFacts.of(7, "broken", "story", Map.of())),
                schedule,
                2);
    }

    private static Detective.Played verdict(Ruling ruling, String promise) {
        return verdict(ruling, promise, Optional.empty());
    }

    @Test
    void thereAreEnoughMistakesAndEachCanBeLookedFor() {
        Catalogue catalogue = new Catalogue();

        assertThat(Mistakes.all()).hasSizeGreaterThanOrEqualTo(24);
        assertThat(Mistakes.all()).extracting(Mistake::strategy).doesNotHaveDuplicates();
        assertThat(Mistakes.all()).filteredOn(Mistake::byLot).hasSizeGreaterThanOrEqualTo(2);
        for (Mistake mistake : Mistakes.all()) {
            for (String strategy : List.of(mistake.strategy(), mistake.sound())) {
                RunPlan plan = mistake.plan(strategy, 1, 1);
                Run.validate(plan, catalogue.strategy(strategy), catalogue.scenario(plan.scenario()));
            }
            assertThat(mistake.checkers()).as(mistake.strategy()).isNotEmpty();
        }
    }

    @Test
    void everyStrategyBrokenOnPurposeIsLookedFor() {
        assertThat(new Catalogue().strategies())
                .extracting(HaStrategy::name)
                .filteredOn(name -> name.startsWith("broken-"))
                .containsExactlyInAnyOrderElementsOf(
                        Mistakes.all().stream().map(Mistake::strategy).toList());
    }

    @Test
    void aMistakeIsFoundWhenAPromiseIsBrokenThatItBreaks() throws InterruptedException {
        Detective detective =
                detective(5, (plan, path) -> verdict(Ruling.BROKEN, played.size() < 3 ? "rejoin" : "single-writer"));

        Sighting sighting = detective.look(DIRECT);

        assertThat(sighting.found()).isTrue();
        assertThat(sighting.tries()).isEqualTo(3);
        assertThat(sighting.checkers()).containsExactly("single-writer");
        assertThat(played).extracting(RunPlan::seed).doesNotHaveDuplicates().startsWith(7L);
    }

    @Test
    void whatIsNotFoundIsSaidToBeSo() throws InterruptedException {
        Sighting sighting = detective(2, (plan, path) -> verdict(Ruling.INCONCLUSIVE, "traffic"))
                .look(DIRECT);

        assertThat(sighting.found()).isFalse();
        assertThat(sighting.tries()).isEqualTo(2);
        assertThat(sighting.checkers()).isEmpty();
        assertThat(sighting.said()).isEqualTo("traffic inconclusive: It was so.");
    }

    @Test
    void aScheduleDrawnByLotIsMadeSmaller() throws InterruptedException {
        Optional<FaultSchedule> drawn = Optional.of(new FaultScheduleJson().read(TWO));
        Detective detective = detective(5, (plan, path) -> {
            String schedule = plan.parameters().getOrDefault("schedule", "");
            boolean shows = schedule.isEmpty() || schedule.contains("isolate-but-clients");
            return verdict(shows ? Ruling.BROKEN : Ruling.KEPT, "single-writer", drawn);
        });

        Sighting sighting = detective.look(BY_LOT);

        assertThat(sighting.tries()).isEqualTo(1);
        assertThat(played).hasSize(3);
        assertThat(sighting.schedule()).isEqualTo("isolate-but-clients on primary, whole, 3000 ms");
    }

    @Test
    void anEnvironmentThatFailsOnceIsNoTry() throws InterruptedException {
        Detective detective = detective(5, (plan, path) -> {
            if (played.size() == 1) {
                throw new EnvironmentException("no engine");
            }
            return verdict(Ruling.BROKEN, "single-writer");
        });

        assertThat(detective.look(DIRECT).tries()).isEqualTo(1);
        assertThat(played).hasSize(2);
    }

    @Test
    void anEnvironmentThatGoesOnFailingIsNoFinding() {
        Detective detective = detective(5, (plan, path) -> {
            throw new EnvironmentException("no engine");
        });

        assertThatThrownBy(() -> detective.look(DIRECT)).isInstanceOf(EnvironmentException.class);
    }

    @Test
    void theTableGrowsInItsFolderAndSaysWhatWasNotFound() throws InterruptedException {
        DetectionFolder kept = new DetectionFolder(folder.resolve("kept"));
        Detective finds = detective(1, (plan, path) -> verdict(Ruling.BROKEN, "single-writer"));
        Detective fails = detective(1, (plan, path) -> verdict(Ruling.KEPT, "single-writer"));

        new DetectionLog(kept, line -> {}).add(fails.look(BY_LOT));
        DetectionLog later = new DetectionLog(kept, line -> {});
        later.add(finds.look(DIRECT));
        later.add(fails.sound(DIRECT, 1));
        later.add(finds.sound(BY_LOT, 1));

        Detection all = kept.read();
        assertThat(all).isEqualTo(later.soFar());
        assertThat(all.found()).isEqualTo(1);
        assertThat(all.falseAlarms()).isEqualTo(1);
        assertThat(all.markdown())
                .startsWith("1 of 2 found.")
                .contains("| `broken-no-lease` | the lease, and the fence | S21 | yes | single-writer | 1 |")
                .contains("| `broken-renewal-assumed` |", "| **no** | none | 1, by lot |")
                .contains("2 runs, 4 faults, 2 failovers, 1 false alarms");
        later.add(finds.look(BY_LOT));
        assertThat(kept.read().sightings()).hasSize(2).allMatch(Sighting::found);
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws Exception {
        Files.writeString(folder.resolve("detection.json"), "[]");

        assertThatThrownBy(() -> new DetectionFolder(folder).read())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("choose another folder");
    }
}
