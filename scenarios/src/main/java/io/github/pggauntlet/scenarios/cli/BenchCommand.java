package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.workload.WorkloadException;
import io.github.pggauntlet.scenarios.bench.BenchSettings;
import io.github.pggauntlet.scenarios.bench.Benchmark;
import io.github.pggauntlet.scenarios.bench.CheckerBenchmark;
import io.github.pggauntlet.scenarios.bench.DockerCli;
import io.github.pggauntlet.scenarios.bench.FailoverBenchmark;
import io.github.pggauntlet.scenarios.bench.FootprintBenchmark;
import io.github.pggauntlet.scenarios.bench.MachineFacts;
import io.github.pggauntlet.scenarios.bench.OutageBenchmark;
import io.github.pggauntlet.scenarios.bench.StartBenchmark;
import io.github.pggauntlet.scenarios.bench.WritesBenchmark;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what the harness and a strategy cost. */
@Command(
        name = "bench",
        description = {
            "Measures what the harness and a strategy cost, beside the same thing done by hand. The two sides take turns in"
                    + " one run, and stand side by side with their ratio.",
            "",
            "  start   From images to the first acknowledged write on two servers in synchronous replication: by the"
                    + " harness, with agents, etcd and Toxiproxy; and by hand, with 'docker run' twice, initdb and"
                    + " pg_basebackup. Aim: at most 3 s, and at most twice the plain way.",
            "  writes  Acknowledged inserts of single rows a second: by the harness's workload, which records each of"
                    + " them; and by pgbench with the same statement, as many sessions, the same cluster and the same way"
                    + " through Toxiproxy. Aim: at least 90 %%.",
            "  outage  The pause of writes after the primary's postmaster was killed: under the strategy; and at the bare"
                    + " limit, where the hand that kills promotes the standby at once and a client with one connection"
                    + " knows where to go. Aim: a median of at most twice the limit.",
            "  failovers  The pause of writes when the primary's machine is killed, when it is isolated, and when it hands over"
                    + " as planned; each beside the same bare limit. Aims: the lease and one second; the same; one second.",
            "  footprint  Memory and processor time of an idle agent. Aims: 100 MB; 2 %% of a core with the durations meant for"
                    + " production.",
            "  checkers  How fast recorded histories are judged, over their size and over how many sessions overlap. Needs no"
                    + " engine, and is not part of 'all'. Aims: a ledger of 1,000,000 rows read 1,000 times in a second;"
                    + " 10,000,000 operations on registers in seconds; 1,000,000 transactions over lists a second, at 200"
                    + " bytes for each.",
            "",
            "Nothing is judged. Figures go to standard output, progress to standard error. Measure on a machine that does"
                    + " nothing else; it is said when it does.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = ExitStatus.HEADING,
        exitCodeList = {ExitStatus.TOLD_MEASURED, ExitStatus.TOLD_WRONG_USE, ExitStatus.TOLD_ENVIRONMENT})
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private static final int SMALLEST_ROWS = 1_000;
    private static final List<String> CHOICES =
            List.of("start", "writes", "outage", "failovers", "footprint", "checkers", "all");

    @Parameters(
            paramLabel = "WHAT",
            arity = "0..1",
            defaultValue = "all",
            description = "start, writes, outage, failovers, footprint, checkers or all (default: ${DEFAULT-VALUE}).")
    private String what = "";

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description =
                    "How many measurements are made of each side (default: 5 starts, 5 times writes, 20 outages, 10 rounds of"
                            + " failovers, 5 checks).")
    private @Nullable Integer repeat;

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            defaultValue = "streaming",
            description = "The strategy; it runs with durability sync (default: ${DEFAULT-VALUE}).")
    private String strategy = "";

    @Option(
            names = "--postgres",
            paramLabel = "MAJOR",
            defaultValue = "17",
            description = "PostgreSQL's major version: 15, 17 or 18 (default: ${DEFAULT-VALUE}).")
    private int postgres;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many sessions write, pgbench's among them (default: ${DEFAULT-VALUE}).")
    private int sessions;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long writes, or processor time, are counted each time (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "1000000",
            description =
                    "The largest history that checkers are given: so many rows or transactions, and ten times as many"
                            + " operations on registers; at least 1000 (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--porcupine",
            description =
                    "Beside the checker of registers stands porcupine, a public one, on the same histories; it takes Go.")
    private boolean porcupine;

    @Override
    public Integer call() throws InterruptedException {
        if (!CHOICES.contains(what)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no benchmark '" + what + "'; choose one of: " + String.join(", ", CHOICES) + ".");
        }
        HaStrategy chosen = WrongUse.of(() -> new Catalogue().strategy(strategy));
        BenchSettings settings = WrongUse.of(() -> new BenchSettings(
                postgres,
                repeat == null ? OptionalInt.empty() : OptionalInt.of(repeat),
                sessions,
                Duration.ofSeconds(seconds)));
        if (what.equals("checkers")) {
            if (rows < SMALLEST_ROWS) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Checkers are measured on at least " + SMALLEST_ROWS + " rows, not " + rows + ".");
            }
            new CheckerBenchmark(settings, rows, porcupine)
                    .run(spec.commandLine().getOut(), spec.commandLine().getErr());
            return ExitStatus.KEPT;
        }
        PostgresMajor.require(postgres, spec);
        int prepared = Preparation.run(postgres);
        if (prepared != 0) {
            return prepared;
        }
        Images images = Images.find();
        PrintWriter out = spec.commandLine().getOut();
        try {
            tellFacts(images, out);
            for (Benchmark benchmark : benchmarks(images, chosen, settings)) {
                benchmark.run(out, spec.commandLine().getErr());
            }
        } catch (HaException | HostException | WorkloadException | FaultNotMade | DamagedRunException e) {
            throw new EnvironmentException("The benchmark could not be run: " + e.getMessage(), e);
        }
        return ExitStatus.KEPT;
    }

    private List<Benchmark> benchmarks(Images images, HaStrategy chosen, BenchSettings settings) {
        List<Benchmark> all = List.of(
                new StartBenchmark(images, chosen, settings),
                new WritesBenchmark(images, chosen, settings),
                new OutageBenchmark(images, chosen, settings),
                new FailoverBenchmark(images, chosen, settings),
                new FootprintBenchmark(images, chosen, settings));
        return all.stream()
                .filter(benchmark -> what.equals("all") || what.equals(benchmark.name()))
                .toList();
    }

    private void tellFacts(Images images, PrintWriter out) throws InterruptedException {
        DockerCli docker = new DockerCli(images);
        // Asked by command line: the first start of the benchmark is to find a Java machine that has loaded nothing
        // yet.
        out.println("engine " + docker.run("version", "--format", "{{.Server.Version}}") + "; " + images.node(postgres)
                + "; " + images.etcd() + "; " + images.toxiproxy() + "; Java " + Runtime.version() + "; "
                + System.getProperty("os.name") + " " + System.getProperty("os.version"));
        MachineFacts.now(docker).print(out);
    }
}
