package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaStrategy;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts a strategy through a scenario. */
@Command(
        name = "run",
        description = {
            "Builds a cluster of real PostgreSQL servers, puts a strategy through a scenario, and judges the record.",
            "",
            "Everything of the run goes into one folder: the plan, what every client saw, what every member said and did, the"
                    + " logs, the verdict, and a report to open in a browser.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {
            ExitStatus.TOLD_KEPT,
            ExitStatus.TOLD_BROKEN,
            ExitStatus.TOLD_INCONCLUSIVE,
            ExitStatus.TOLD_WRONG_USE,
            ExitStatus.TOLD_ENVIRONMENT
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            defaultValue = "streaming",
            description = "The strategy; './gauntlet list' tells which there are (default: ${DEFAULT-VALUE}).")
    private String strategy = "";

    @Option(
            names = "--durability",
            paramLabel = "MODE",
            defaultValue = "sync",
            description = "What an acknowledged COMMIT has survived: sync or async (default: ${DEFAULT-VALUE}).")
    private String durability = "";

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "crash-cycle",
            description = "The scenario; './gauntlet list' tells which there are (default: ${DEFAULT-VALUE}).")
    private String scenario = "";

    @Option(
            names = "--cycles",
            paramLabel = "N",
            description = "How often the primary fails, for scenarios that have cycles.")
    private @Nullable String cycles;

    @Option(
            names = "--fault",
            paramLabel = "KIND",
            description = "What fails, for scenarios that leave the choice: postmaster, host or stop.")
    private @Nullable String fault;

    @Option(
            names = {"-P", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "Any other parameter of the scenario.")
    private Map<String, String> parameters = new TreeMap<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed of all that is drawn by lot; the same seed draws the same (default: a new one).")
    private @Nullable Long seed;

    @Option(
            names = "--postgres",
            paramLabel = "MAJOR",
            defaultValue = "17",
            description = "PostgreSQL's major version: 15, 17 or 18 (default: ${DEFAULT-VALUE}).")
    private int postgres;

    @Option(
            names = "--machines",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many machines carry PostgreSQL (default: ${DEFAULT-VALUE}).")
    private int machines;

    @Option(
            names = "--arbiters",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many arbiters (etcd) stand beside them: 1, 3, 5 or 7 (default: ${DEFAULT-VALUE}).")
    private int arbiters;

    @Option(
            names = "--volume",
            paramLabel = "MB",
            defaultValue = "0",
            description =
                    "The size of each machine's data volume, kept in memory, so that it can be filled; 0: as large as"
                            + " the engine's disk (default: ${DEFAULT-VALUE}).")
    private int volume;

    @Mixin
    private MachineOptions kind = new MachineOptions();

    @Option(
            names = "--sessions",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many client sessions write (default: ${DEFAULT-VALUE}).")
    private int sessions;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Writes a second by all sessions together at most; 0: as many as they can (default:"
                    + " ${DEFAULT-VALUE}).")
    private double rate;

    @Mixin
    private WorkloadOptions workload = new WorkloadOptions();

    @Option(
            names = "--tls",
            description = "The members, their clients and the arbiters talk TLS and check each other's certificates.")
    private boolean tls;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "The folder for everything of the run.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        // What cannot be run is refused before anything is installed or built for it.
        Wanted wanted = WrongUse.of(this::wanted);
        PostgresMajor.require(postgres, spec);
        int prepared = Preparation.run(postgres, Run.needsKernels(wanted.plan(), wanted.strategy()));
        if (prepared != 0) {
            return prepared;
        }
        try (ProgressLine progress =
                new ProgressLine(spec.commandLine().getErr(), Boolean.getBoolean("gauntlet.terminal"))) {
            Run.Result result =
                    new Run(Images.find(), wanted.strategy(), wanted.scenario(), progress).execute(wanted.plan(), out);
            progress.end();
            Telling.of(result.folder(), spec.commandLine().getOut());
            return ExitStatus.of(result.verdict().verdict());
        }
    }

    private record Wanted(HaStrategy strategy, Scenario scenario, RunPlan plan) {}

    private Wanted wanted() {
        Catalogue catalogue = new Catalogue();
        HaStrategy chosen = catalogue.strategy(strategy);
        Scenario story = catalogue.scenario(scenario);
        Map<String, String> all = allParameters();
        WorkloadChoice choice = workload.choice(all);
        RunPlan plan = RunPlan.of(chosen.name(), Durability.of(durability), story.name(), all, seed())
                .withPostgres(postgres)
                .withMachines(machines)
                .withLoad(sessions, rate)
                .withTls(tls)
                .withArbiters(arbiters)
                .withVolume(volume)
                .withWorkload(choice);
        RunPlan complete = kind.applied(plan);
        Run.validate(complete, chosen, story);
        return new Wanted(chosen, story, complete);
    }

    private Map<String, String> allParameters() {
        Map<String, String> all = new TreeMap<>(parameters);
        if (cycles != null) {
            all.put("cycles", cycles);
        }
        if (fault != null) {
            all.put("fault", fault);
        }
        return all;
    }

    private long seed() {
        Long given = seed;
        if (given == null) {
            return new SplittableRandom().nextInt(1, 1_000_000);
        }
        if (given < 0) {
            throw new ParameterException(spec.commandLine(), "A seed is not negative; " + given + " is.");
        }
        return given;
    }
}
