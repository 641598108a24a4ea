package io.github.pggauntlet.scenarios.campaign;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.check.VerdictJson;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser;
import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.RunFiles;
import io.github.pggauntlet.harness.run.RunPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Runs plans of random faults one after the other, each on a fresh cluster with a seed of its own that follows from the
 * campaign's, and keeps the summary up to date. What an earlier process has finished of the same campaign is not run again.
 */
public final class Campaign {

    /** So many runs in a row that the environment fails, and there is no use in going on. */
    private static final int MOST_FAILURES_IN_A_ROW = 3;

    private static final int MOST_RUNS = 100_000;

    private final Settings settings;
    private final CampaignFolder folder;
    private final Executor executor;
    private final Listener listener;
    private final RunFiles files = new RunFiles();

    /**
     * What a campaign does.
     *
     * @param plan what its runs have in common; a plan of {@code random-faults}
     * @param faultsEach how many faults each run makes
     * @param budget how much it does
     * @param shard the part of it that is done here
     * @param command the command that runs the whole of it again
     * @param minimise how the schedule of a broken run is minimised; empty if it is not
     */
    public record Settings(
            RunPlan plan,
            int faultsEach,
            Budget budget,
            Shard shard,
            List<String> command,
            Optional<ScheduleMinimiser.Limits> minimise) {
        public Settings {
            command = List.copyOf(command);
        }
    }

    /** Runs one plan into a folder. */
    @FunctionalInterface
    public interface Executor {
        /**
         * Runs it.
         *
         * @throws EnvironmentException if the environment fails
         * @throws InterruptedException if it is broken off
         */
        void run(RunPlan plan, Path folder) throws InterruptedException;
    }

    /** Hears how the campaign goes on. */
    public interface Listener {
        /** A run begins. */
        void begins(int number, RunPlan plan);

        /** A run has ended, or had been run before. */
        void ended(RunDigest digest, CampaignSummary soFar);

        /** The environment failed a run. */
        void failed(int number, String why);
    }

    public Campaign(Settings settings, CampaignFolder folder, Executor executor, Listener listener) {
        this.settings = settings;
        this.folder = folder;
        this.executor = executor;
        this.listener = listener;
    }

    /**
     * Runs it.
     *
     * @throws IllegalArgumentException if the folder holds another campaign
     * @throws EnvironmentException if the environment fails several runs in a row
     * @throws InterruptedException if it is broken off; it can be taken up again
     */
    public CampaignSummary run() throws InterruptedException {
        CampaignSummary summary = new CampaignSummary(settings.command(), List.of(), 0);
        folder.requireCampaign(settings.command());
        long begin = System.nanoTime();
        int inARow = 0;
        for (int number = 0; number < MOST_RUNS && goesOn(number, begin); number++) {
            if (!settings.shard().has(number)) {
                continue;
            }
            RunPlan plan = plan(number);
            Optional<RunDigest> digest = done(number);
            if (digest.isEmpty()) {
                listener.begins(number, plan);
                try {
                    executor.run(plan, folder.run(number));
                    digest = done(number);
                    inARow = 0;
                } catch (EnvironmentException e) {
                    listener.failed(number, String.valueOf(e.getMessage()));
                    inARow++;
                    summary = with(summary, Optional.empty());
                    if (inARow == MOST_FAILURES_IN_A_ROW) {
                        throw new EnvironmentException(
                                "The environment failed " + inARow + " runs in a row; the last time: " + e.getMessage(),
                                e);
                    }
                }
            }
            if (digest.isPresent()) {
                digest = Optional.of(minimised(digest.get()));
                summary = with(summary, digest);
                listener.ended(digest.get(), summary);
            }
        }
        folder.write(summary);
        return summary;
    }

    /** Adds the smallest schedule to what is said of a broken run, and looks for it first if nobody has. */
    private RunDigest minimised(RunDigest digest) throws InterruptedException {
        if (settings.minimise().isEmpty() || !digest.verdict().equals(Ruling.BROKEN.id())) {
            return digest;
        }
        Path tries = folder.minimum(digest.number());
        if (Minimisation.found(tries).isEmpty()) {
            new Minimisation(executor, settings.minimise().get()).search(folder.run(digest.number()), tries);
        }
        return Minimisation.found(tries).map(digest::and).orElse(digest);
    }

    private boolean goesOn(int number, long begin) {
        boolean time = settings.budget()
                .time()
                .map(limit -> Duration.ofNanos(System.nanoTime() - begin).compareTo(limit) < 0)
                .orElse(true);
        return time && settings.budget().faultsOf(number, settings.faultsEach()) > 0;
    }

    private CampaignSummary with(CampaignSummary summary, Optional<RunDigest> digest) {
        List<RunDigest> runs = new java.util.ArrayList<>(summary.runs());
        digest.ifPresent(runs::add);
        CampaignSummary more = new CampaignSummary(
                summary.command(), runs, summary.environmentFailures() + (digest.isPresent() ? 0 : 1));
        folder.write(more);
        return more;
    }

    /** The plan of a run. Its seed follows from the campaign's and the run's number, whatever shard does it. */
    RunPlan plan(int number) {
        RunPlan common = settings.plan();
        Map<String, String> parameters = new TreeMap<>(common.parameters());
        parameters.put("faults", Integer.toString(settings.budget().faultsOf(number, settings.faultsEach())));
        long seed = new SplittableRandom(new SplittableRandom(common.seed()).nextLong() + number)
                .nextInt(1, Integer.MAX_VALUE);
        return common.with(parameters, seed);
    }

    /** What came of a run, if it was run to its end. */
    private Optional<RunDigest> done(int number) {
        Path path = folder.run(number);
        if (!Files.isRegularFile(new RunFolder(path).verdict())) {
            return Optional.empty();
        }
        try {
            RunFolder run = RunFolder.open(path);
            Verdict verdict = new VerdictJson().read(Files.readString(run.verdict()));
            return Optional.of(RunDigest.of(
                    number, CampaignFolder.name(number), files.load(run).record(), verdict));
        } catch (IOException | DamagedRunException | IllegalArgumentException e) {
            // Torn by a kill: it is run again.
            return Optional.empty();
        }
    }
}
