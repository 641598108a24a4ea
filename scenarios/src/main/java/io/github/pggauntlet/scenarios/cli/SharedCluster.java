package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.TestBed;
import io.github.pggauntlet.strategy.HaStrategy;
import java.nio.file.Path;
import java.util.Optional;

/** The cluster that the runs of a campaign share. There is one at a time: who wants other machines has another one built. */
final class SharedCluster implements AutoCloseable {

    private final HaStrategy strategy;
    private final Scenario scenario;
    private Optional<Built> built = Optional.empty();

    private record Built(int machines, TestBed bed) {}

    SharedCluster(HaStrategy strategy, Scenario scenario) {
        this.strategy = strategy;
        this.scenario = scenario;
    }

    /** Runs a plan; returns the folder of the run. */
    RunFolder run(RunPlan plan, Path path) throws InterruptedException {
        return bed(plan).play(scenario, plan.parameters(), plan.seed(), path).folder();
    }

    private TestBed bed(RunPlan plan) {
        Optional<TestBed> fitting =
                built.filter(there -> there.machines() == plan.machines()).map(Built::bed);
        return fitting.orElseGet(() -> {
            close();
            TestBed bed = new TestBed(Images.find(), strategy, plan, RunListener.silent());
            built = Optional.of(new Built(plan.machines(), bed));
            return bed;
        });
    }

    @Override
    public void close() {
        built.ifPresent(there -> there.bed().close());
        built = Optional.empty();
    }
}
