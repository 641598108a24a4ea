package io.github.pggauntlet.scenarios.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.fault.FaultKind;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser.Limits;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.RunFiles;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Promises;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search of a campaign, with runs that are written and not run. */
class MinimisationTest {

    private static final RunPlan PLAN =
            RunPlan.of("streaming", Durability.SYNC, "random-faults", Map.of("kinds", "promised"), 7);
    private static final FaultSchedule DRAWN = new FaultScheduleJson().read("""
            {"steps": [
              {"kind": "kill-postmaster", "victim": "primary", "moment": "whole"},
              {"kind": "kill-agent", "victim": "last-hit", "moment": "at-rejoin"},
              {"kind": "switchover", "victim": "primary", "moment": "whole"},
              {"kind": "kill-host", "victim": "standby", "moment": "whole"}]}
            """);

    private final List<RunPlan> runs = new ArrayList<>();

    @TempDir
    private Path folder;

    /** Leaves the record of a run in which a promise was broken if the machine was killed. */
    private void run(RunPlan plan, Path path) {
        runs.add(plan);
        FaultSchedule schedule = plan.parameters().containsKey("schedule") ? read(plan) : DRAWN;
        boolean broken = schedule.steps().stream().anyMatch(step -> step.kind() == FaultKind.KILL_HOST);
        RunFolder run = RunFolder.create(path);
        RunFiles files = new RunFiles();
        files.writePlan(run, plan, Promises.none(), Map.of());
        RunClock clock = RunClock.start();
        HistoryWriter.create(run.history(), clock.anchor()).close();
        try (EventWriter events = EventWriter.create(run.events(), clock.anchor())) {
            events.append(new RunEvent.Note(1, "The schedule: " + new FaultScheduleJson().write(schedule)));
        }
        Ruling ruling = broken ? Ruling.BROKEN : Ruling.KEPT;
        files.writeVerdict(
                run,
                new Verdict(
                        ruling,
                        List.of(Finding.of("durability", ruling, "A row is gone.")),
                        1,
                        0,
                        0,
                        0,
                        0,
                        new TreeMap<>(),
                        1,
                        List.of(),
                        Verdict.RunFacts.of(7, "streaming", "random-faults", Map.of())));
    }

    private static FaultSchedule read(RunPlan plan) {
        try {
            return new FaultScheduleJson()
                    .read(Files.readString(Path.of(plan.parameters().getOrDefault("schedule", ""))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CampaignSummary campaign() throws InterruptedException {
        Campaign.Settings settings = new Campaign.Settings(
                PLAN,
                4,
                new Budget(Optional.of(4), Optional.empty()),
                Shard.WHOLE,
                List.of("./gauntlet", "campaign"),
                Optional.of(new Limits(1, 2, 40)));
        return new Campaign(settings, new CampaignFolder(folder), this::run, new Campaign.Listener() {
                    @Override
                    public void begins(int number, RunPlan plan) {}

                    @Override
                    public void ended(RunDigest digest, CampaignSummary soFar) {}

                    @Override
                    public void failed(int number, String why) {}
                })
                .run();
    }

    @Test
    void theSmallestScheduleOfABrokenRunIsTold() throws InterruptedException, IOException {
        CampaignSummary summary = campaign();

        assertThat(summary.runs().get(0).why())
                .anySatisfy(
                        why -> assertThat(why).contains("Smallest schedule, on 2 machines, broken in 1 of 1 tries"));
        Path minimum = folder.resolve("run-0000-minimum");
        FaultSchedule smallest = new FaultScheduleJson().read(Files.readString(minimum.resolve("schedule.json")));
        assertThat(smallest.steps())
                .singleElement()
                .satisfies(step -> assertThat(step.kind()).isEqualTo(FaultKind.KILL_HOST));
        assertThat(Files.readString(minimum.resolve("schedule.java.txt"))).contains("FaultKind.KILL_HOST");
        assertThat(runs).hasSizeLessThanOrEqualTo(41);
    }

    @Test
    void itIsNotLookedForTwice() throws InterruptedException {
        CampaignSummary first = campaign();
        int before = runs.size();
        CampaignSummary again = campaign();
        assertThat(runs).hasSize(before);
        assertThat(again).isEqualTo(first);
    }
}
