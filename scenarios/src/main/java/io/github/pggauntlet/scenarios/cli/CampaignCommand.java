package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.fault.ScheduleMinimiser;
import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.run.Scenario;
import io.github.pggauntlet.reports.HtmlReport;
import io.github.pggauntlet.reports.RunReport;
import io.github.pggauntlet.scenarios.campaign.Budget;
import io.github.pggauntlet.scenarios.campaign.Campaign;
import io.github.pggauntlet.scenarios.campaign.CampaignFolder;
import io.github.pggauntlet.scenarios.campaign.CampaignSummary;
import io.github.pggauntlet.scenarios.campaign.RunDigest;
import io.github.pggauntlet.scenarios.campaign.Shard;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaStrategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts a strategy through random faults, run after run. */
@Command(
        name = "campaign",
        description = {
            "Puts a strategy through random faults, run after run, each on a fresh cluster and with a seed of its own.",
            "",
            "It can be broken off and taken up again: what is finished is not run again. Several computers can share it, each"
                    + " with a --shard of its own; 'gauntlet merge' joins what they have found.",
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
final class CampaignCommand implements Callable<Integer> {

    private static final String SCENARIO = "random-faults";

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
            description = "What an acknowledged COMMIT has survived (default: ${DEFAULT-VALUE}).")
    private String durability = "";

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
            description = "How many arbiters stand beside them (default: ${DEFAULT-VALUE}).")
    private int arbiters;

    @Mixin
    private MachineOptions kind = new MachineOptions();

    @Option(
            names = "--postgres",
            paramLabel = "MAJOR",
            defaultValue = "17",
            description = "PostgreSQL's major version: 15, 17 or 18 (default: ${DEFAULT-VALUE}).")
    private int postgres;

    @Option(
            names = "--faults",
            paramLabel = "N",
            description = "How many faults all shards make together; this or --budget.")
    private @Nullable Integer faults;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "After how long no further run is begun, such as 30m; this or --faults.")
    private @Nullable String budget;

    @Option(
            names = "--faults-each",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many faults one run makes on its cluster (default: ${DEFAULT-VALUE}).")
    private int faultsEach;

    @Option(
            names = "--kinds",
            paramLabel = "NAMES",
            defaultValue = "promised",
            description =
                    "Which faults, by their names in 'list faults', joined by commas; 'promised': all for which the"
                            + " strategy promises something (default: ${DEFAULT-VALUE}).")
    private String kinds = "";

    @Option(
            names = "--sessions",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many client sessions write (default: ${DEFAULT-VALUE}).")
    private int sessions;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Writes a second by all sessions together at most; 0: as many as they can (default:"
                    + " ${DEFAULT-VALUE}).")
    private double rate;

    @Mixin
    private WorkloadOptions workload = new WorkloadOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The seed from which all runs' seeds follow (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--reuse-cluster",
            description =
                    "The runs share one cluster, which is reset between them, and built anew after a run that did not keep"
                            + " every promise. Quicker; a run then begins with what the one before has left of timelines and logs.")
    private boolean reuse;

    @Option(
            names = "--minimise",
            paramLabel = "TRIES",
            defaultValue = "0",
            description =
                    "How many further runs may look for the smallest schedule that breaks what a run broke; 0: none"
                            + " (default: ${DEFAULT-VALUE}).")
    private int minimise;

    @Option(
            names = "--again",
            paramLabel = "K/N",
            defaultValue = "1/2",
            description =
                    "A smaller schedule counts if it breaks a promise in K of N tries (default: ${DEFAULT-VALUE}).")
    private String again = "";

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            defaultValue = "0/1",
            description = "The part of the campaign that is done here: every N-th run, from the I-th on (default:"
                    + " ${DEFAULT-VALUE}).")
    private String shard = "";

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "The folder for the runs and the summary.")
    private Path out = Path.of("");

    private record Wanted(HaStrategy strategy, Scenario scenario, Campaign.Settings settings) {}

    @Override
    public Integer call() throws InterruptedException {
        Wanted wanted = WrongUse.of(this::wanted);
        PostgresMajor.require(postgres, spec);
        CampaignFolder folder = new CampaignFolder(out);
        WrongUse.of(() -> folder.requireCampaign(wanted.settings().command()));
        int prepared =
                Preparation.run(postgres, Run.needsKernels(wanted.settings().plan(), wanted.strategy()));
        if (prepared != 0) {
            return prepared;
        }
        CampaignSummary summary = run(wanted, folder);
        spec.commandLine().getOut().print(summary.markdown());
        spec.commandLine().getOut().flush();
        return ExitStatus.of(summary.verdict());
    }

    private CampaignSummary run(Wanted wanted, CampaignFolder folder) throws InterruptedException {
        Telling telling = new Telling(spec.commandLine().getErr());
        if (!reuse) {
            return new Campaign(wanted.settings(), folder, (plan, path) -> run(wanted, plan, path), telling).run();
        }
        try (SharedCluster cluster = new SharedCluster(wanted.strategy(), wanted.scenario())) {
            return new Campaign(wanted.settings(), folder, (plan, path) -> report(cluster.run(plan, path)), telling)
                    .run();
        }
    }

    private void run(Wanted wanted, RunPlan plan, Path path) throws InterruptedException {
        boolean terminal = Boolean.getBoolean("gauntlet.terminal");
        try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), terminal)) {
            RunListener listener = terminal ? progress : RunListener.silent();
            new Run(Images.find(), wanted.strategy(), wanted.scenario(), listener).execute(plan, path);
        }
        report(RunFolder.open(path));
    }

    private static void report(RunFolder folder) {
        try {
            new HtmlReport().write(folder, RunReport.read(folder));
        } catch (IOException e) {
            throw new RecordingException("The report cannot be written: " + e.getMessage() + ".", e);
        }
    }

    private Wanted wanted() {
        Catalogue catalogue = new Catalogue();
        HaStrategy chosen = catalogue.strategy(strategy);
        Scenario story = catalogue.scenario(SCENARIO);
        if (seed < 0) {
            throw new IllegalArgumentException("A seed is not negative; " + seed + " is.");
        }
        RunPlan plan = kind.applied(RunPlan.of(
                        chosen.name(),
                        Durability.of(durability),
                        story.name(),
                        Map.of("kinds", kinds, "faults", Integer.toString(faultsEach)),
                        seed)
                .withPostgres(postgres)
                .withMachines(machines)
                .withArbiters(arbiters)
                .withLoad(sessions, rate)
                .withWorkload(workload.choice(new TreeMap<>())));
        Run.validate(plan, chosen, story);
        Budget limit = new Budget(
                Optional.ofNullable(faults), Optional.ofNullable(budget).map(Budget::time));
        return new Wanted(
                chosen, story, new Campaign.Settings(plan, faultsEach, limit, Shard.of(shard), command(), limits()));
    }

    private Optional<ScheduleMinimiser.Limits> limits() {
        if (minimise < 0 || !again.matches("\\d{1,2}/\\d{1,2}")) {
            throw new IllegalArgumentException("To minimise takes a number of tries, and K/N such as 1/2; not "
                    + minimise + " and '" + again + "'.");
        }
        int slash = again.indexOf('/');
        return minimise == 0
                ? Optional.empty()
                : Optional.of(new ScheduleMinimiser.Limits(
                        Integer.parseInt(again.substring(0, slash)),
                        Integer.parseInt(again.substring(slash + 1)),
                        minimise));
    }

    /** The command for the whole campaign: the same for all shards. */
    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                "./gauntlet",
                "campaign",
                "--strategy",
                strategy,
                "--durability",
                durability,
                "--machines",
                Integer.toString(machines),
                "--arbiters",
                Integer.toString(arbiters),
                "--postgres",
                Integer.toString(postgres)));
        Optional.ofNullable(faults).ifPresent(number -> command.addAll(List.of("--faults", number.toString())));
        Optional.ofNullable(budget).ifPresent(time -> command.addAll(List.of("--budget", time)));
        command.addAll(List.of(
                "--faults-each",
                Integer.toString(faultsEach),
                "--kinds",
                kinds,
                "--sessions",
                Integer.toString(sessions),
                "--rate",
                Double.toString(rate),
                "--seed",
                Long.toString(seed)));
        command.addAll(kind.words());
        if (reuse) {
            command.add("--reuse-cluster");
        }
        command.addAll(WorkloadOptions.words(workload.choice(new TreeMap<>())));
        command.addAll(List.of("--out", "campaigns/again"));
        return command;
    }

    /** Tells of each run in a line. */
    private record Telling(PrintWriter err) implements Campaign.Listener {

        @Override
        public void begins(int number, RunPlan plan) {
            say("run " + number + " begins: " + String.join(" ", plan.command()));
        }

        @Override
        public void ended(RunDigest digest, CampaignSummary soFar) {
            say("run " + digest.number() + " is " + digest.verdict() + ": "
                    + digest.faults().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum() + " faults, "
                    + digest.failovers() + " failovers, " + digest.lost() + " of " + digest.acknowledged()
                    + " acknowledged writes lost"
                    + digest.why().stream().map(why -> "\n  " + why).reduce("", String::concat)
                    + "\n  so far " + soFar.faults() + " faults in "
                    + soFar.runs().size() + " runs: "
                    + soFar.verdict().id());
        }

        @Override
        public void failed(int number, String why) {
            say("run " + number + " was failed by the environment: " + why);
        }

        private void say(String text) {
            err.println(text);
            err.flush();
        }
    }
}
