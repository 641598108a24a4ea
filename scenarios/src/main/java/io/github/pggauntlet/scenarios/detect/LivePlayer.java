package io.github.pggauntlet.scenarios.detect;

import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunFiles;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.scenarios.story.RandomFaults;
import io.github.pggauntlet.strategy.HaStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Plays runs on real clusters. */
public final class LivePlayer implements Detective.Player {

    private final Function<String, HaStrategy> strategies;
    private final Function<String, Scenario> scenarios;
    private final Duration patience;
    private final RunListener listener;

    /**
     * @param strategies the strategies by their names
     * @param scenarios the scenarios by their names
     * @param patience how long to wait at most for anything in a run
     * @param listener who is told how runs go on
     */
    public LivePlayer(
            Function<String, HaStrategy> strategies,
            Function<String, Scenario> scenarios,
            Duration patience,
            RunListener listener) {
        this.strategies = strategies;
        this.scenarios = scenarios;
        this.patience = patience;
        this.listener = listener;
    }

    @Override
    public Detective.Played play(RunPlan plan, Path folder) throws InterruptedException {
        Run run = new Run(
                Images.find(), strategies.apply(plan.strategy()), scenarios.apply(plan.scenario()), listener, patience);
        Run.Result result = run.execute(plan, folder);
        var record = new RunFiles().load(result.folder()).record();
        Optional<FaultSchedule> schedule = record.events(RunEvent.Note.class)
                .map(RunEvent.Note::text)
                .filter(text -> text.startsWith(RandomFaults.SAID))
                .map(text -> new FaultScheduleJson().read(text.substring(RandomFaults.SAID.length())))
                .findFirst();
        return new Detective.Played(result.verdict(), schedule, record.faults().size());
    }
}
