package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.scenarios.campaign.Budget;
import io.github.pggauntlet.scenarios.detect.Detection;
import io.github.pggauntlet.scenarios.detect.DetectionFolder;
import io.github.pggauntlet.scenarios.detect.DetectionLog;
import io.github.pggauntlet.scenarios.detect.Detective;
import io.github.pggauntlet.scenarios.detect.LivePlayer;
import io.github.pggauntlet.scenarios.detect.Mistake;
import io.github.pggauntlet.scenarios.detect.Mistakes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which mistakes the harness can see. */
@Command(
        name = "detect",
        description = {
            "Looks for the strategies that are broken on purpose, one after the other, and tells which are found, by which"
                    + " checker, and after how many runs.",
            "",
            "The table grows in its folder: what an earlier command has found there stays, unless it is looked for again.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            "0:every mistake was found, and no sound strategy was taken for a broken one",
            "1:a mistake was not found, or a sound strategy was taken for a broken one",
            ExitStatus.TOLD_WRONG_USE,
            ExitStatus.TOLD_ENVIRONMENT
        })
final class DetectCommand implements Callable<Integer> {

    private static final int MOST_AT_ONCE = 16;
    private static final int MOST_TRIES = 1000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--only",
            paramLabel = "NAMES",
            split = ",",
            description = "Only these, by their names in 'list', joined by commas (default: all).")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--sound",
            description = "Puts the sound strategies on the same schedules instead, and counts false alarms.")
    private boolean sound;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "After how long no further try at one mistake is begun (default: ${DEFAULT-VALUE}).")
    private String budget = "";

    @Option(
            names = "--tries",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "How many tries at one mistake there are at most; with --sound, how many runs of each schedule"
                            + " (default: ${DEFAULT-VALUE}).")
    private int tries;

    @Option(
            names = "--reductions",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many more runs may be spent on making a schedule smaller that was drawn by lot (default:"
                    + " ${DEFAULT-VALUE}).")
    private int reductions;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "How long a run waits at most for anything: a broken strategy makes it wait in vain (default:"
                    + " ${DEFAULT-VALUE}).")
    private String patience = "";

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many runs there are at a time (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The seed from which all runs' seeds follow (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "The folder for the runs and the table.")
    private Path out = Path.of("");

    private record Wanted(List<Mistake> mistakes, Detective detective, DetectionLog log) {}

    @Override
    public Integer call() throws InterruptedException {
        Wanted wanted = WrongUse.of(this::wanted);
        int prepared = Preparation.run(17);
        if (prepared != 0) {
            return prepared;
        }
        work(tasks(wanted));
        Detection detection = wanted.log().soFar();
        spec.commandLine().getOut().print(detection.markdown());
        spec.commandLine().getOut().flush();
        boolean well = detection.found() == detection.sightings().size() && detection.falseAlarms() == 0;
        return well ? ExitStatus.KEPT : ExitStatus.BROKEN;
    }

    private List<Callable<Boolean>> tasks(Wanted wanted) {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        if (!sound) {
            for (Mistake mistake : wanted.mistakes()) {
                tasks.add(() -> wanted.log().add(wanted.detective().look(mistake)));
            }
            return tasks;
        }
        for (int attempt = 1; attempt <= tries; attempt++) {
            int number = attempt;
            for (Mistake mistake : Mistakes.withDifferentWays(wanted.mistakes())) {
                tasks.add(() -> wanted.log().add(wanted.detective().sound(mistake, number)));
            }
        }
        return tasks;
    }

    private void work(List<Callable<Boolean>> tasks) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            tasks.forEach(task -> results.add(workers.submit(task)));
            List<EnvironmentException> failures = new ArrayList<>();
            for (Future<Boolean> result : results) {
                try {
                    result.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof EnvironmentException failure)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    err.println("The environment failed: " + failure.getMessage());
                    err.flush();
                    failures.add(failure);
                }
            }
            if (failures.size() == tasks.size() && !failures.isEmpty()) {
                throw failures.get(0);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private Wanted wanted() {
        if (seed < 0) {
            throw new IllegalArgumentException("A seed is not negative; " + seed + " is.");
        }
        require("The number of runs at a time", parallel, 1, MOST_AT_ONCE);
        require("The number of tries", tries, 1, MOST_TRIES);
        require("The number of reductions", reductions, 0, MOST_TRIES);
        Duration limit = Budget.time(budget);
        Duration wait = Budget.time(patience);
        List<Mistake> mistakes = only.isEmpty()
                ? Mistakes.all()
                : only.stream().map(Mistakes::of).toList();
        Catalogue catalogue = new Catalogue();
        LivePlayer player = new LivePlayer(catalogue::strategy, catalogue::scenario, wait, RunListener.silent());
        PrintWriter err = spec.commandLine().getErr();
        DetectionLog log = new DetectionLog(new DetectionFolder(out), line -> {
            err.println(line);
            err.flush();
        });
        return new Wanted(
                mistakes,
                new Detective(player, out, System::nanoTime, new Detective.Limits(seed, limit, tries, reductions)),
                log);
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " lies between " + least + " and " + most + "; " + value + " does not.");
        }
    }
}
