package io.github.pggauntlet.harness.junit;

import io.github.pggauntlet.harness.check.Finding;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.run.TestBed;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A cluster for the tests of a class: see {@link OnCluster}. Each story is recorded in a folder of its own, numbered in the order
 * of playing. For use by one thread.
 */
public final class Bed implements AutoCloseable {

    private final TestBed bed;
    private final Path folder;
    private int played;

    /**
     * A bed.
     *
     * @param bed the cluster
     * @param folder the folder for what is recorded
     */
    public Bed(TestBed bed, Path folder) {
        this.bed = bed;
        this.folder = folder;
    }

    /**
     * Plays a schedule of faults under load, and has the record judged.
     *
     * @throws io.github.pggauntlet.harness.cluster.EnvironmentException if the machines could not be had or be kept; nothing is
     *     then said of the strategy
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Run.Result play(FaultSchedule schedule) throws InterruptedException {
        return bed.play(schedule, next());
    }

    /**
     * Plays a scenario under load, and has the record judged.
     *
     * @param parameters the scenario's parameters
     * @param seed the seed of all that is drawn by lot
     * @throws IllegalArgumentException if the scenario cannot be played so
     * @throws io.github.pggauntlet.harness.cluster.EnvironmentException if the machines could not be had or be kept; nothing is
     *     then said of the strategy
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Run.Result play(Scenario scenario, Map<String, String> parameters, long seed) throws InterruptedException {
        return bed.play(scenario, parameters, seed, next());
    }

    /**
     * Plays a schedule of faults under load; every promise must be kept.
     *
     * @throws AssertionError if one was not, or if nothing was put to the test; with what was found, and where the record lies
     * @throws io.github.pggauntlet.harness.cluster.EnvironmentException if the machines could not be had or be kept
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Verdict requireKept(FaultSchedule schedule) throws InterruptedException {
        Run.Result result = play(schedule);
        Verdict verdict = result.verdict();
        if (verdict.verdict() != Ruling.KEPT) {
            throw new AssertionError("The verdict is " + verdict.verdict().id() + " and not kept: "
                    + verdict.promises().stream()
                            .filter(finding -> finding.outcome() == verdict.verdict())
                            .map(Finding::sentence)
                            .collect(Collectors.joining(" "))
                    + "\n  record  " + result.folder().path() + "\n  again   "
                    + String.join(" ", result.plan().command()));
        }
        return verdict;
    }

    /** The cluster itself. */
    public TestBed testBed() {
        return bed;
    }

    private Path next() {
        played++;
        return folder.resolve(Integer.toString(played));
    }

    @Override
    public void close() {
        bed.close();
    }
}
