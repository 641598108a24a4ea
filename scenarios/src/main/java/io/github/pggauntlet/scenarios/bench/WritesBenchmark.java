package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Ownership;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.scenarios.bench.Comparison.Aim;
import io.github.pggauntlet.scenarios.bench.Comparison.Side;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaStrategy;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Acknowledged inserts of single rows a second: by the harness's workload, which records each of them, and by pgbench with
 * the same statement, the same number of sessions and the same way through Toxiproxy to the same synchronous cluster. The
 * table is emptied before each measurement, so that both find it the same.
 */
public final class WritesBenchmark implements Benchmark {

    private static final int USUAL = 5;
    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final Duration FIRST_WRITE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration SLACK = Duration.ofSeconds(60);
    private static final int POSTGRES_PORT = 5432;
    private static final double LEAST_RATIO = 0.9;
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+) \\(without initial connection time\\)");

    /**
     * The statement of the workload. Keys rise by one over all sessions together, nearly, as the workload's do: the counter
     * is each client's own, and clients take turns in the lowest digits.
     */
    private static final String SCRIPT = """
            \\set n :n + 1
            \\set key :n * :clients + :client_id
            INSERT INTO ledger (key, session, content) VALUES (:key, :client_id, :content);
            """;

    private final Images images;
    private final DockerCli docker;
    private final HaStrategy strategy;
    private final BenchSettings settings;

    /** Measures writes to a cluster under a strategy. */
    public WritesBenchmark(Images images, HaStrategy strategy, BenchSettings settings) {
        this.images = images;
        this.docker = new DockerCli(images);
        this.strategy = strategy;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "writes";
    }

    /** Where pgbench runs and what it connects to. */
    private record Bench(Labels labels, String network, Endpoint through, Endpoint direct, Jdbc jdbc) {}

    @Override
    public void run(PrintWriter out, PrintWriter progress) throws InterruptedException {
        int repeat = settings.repeat(USUAL);
        List<Double> harness = new ArrayList<>();
        List<Double> pgbench = new ArrayList<>();
        List<Double> direct = new ArrayList<>();
        try (BenchCluster cluster = BenchCluster.build(images, strategy, settings.postgres());
                Scratch scratch = new Scratch()) {
            Bench bench = bench(cluster);
            RunClock clock = RunClock.start();
            try (HistoryWriter history = HistoryWriter.create(scratch.folder().history(), clock.anchor())) {
                Recorder recorder = new Recorder(clock, history);
                progress.println("writes: warming up");
                progress.flush();
                harness(cluster, recorder, settings.span());
                pgbench(cluster, bench, bench.through(), Duration.ofSeconds(1));
                for (int i = 1; i <= repeat; i++) {
                    harness.add(harness(cluster, recorder, settings.span()));
                    pgbench.add(pgbench(cluster, bench, bench.through(), settings.span()));
                    direct.add(pgbench(cluster, bench, bench.direct(), settings.span()));
                    progress.println(String.format(
                            Locale.ROOT,
                            "writes %d of %d: harness %.0f/s, pgbench %.0f/s, pgbench without Toxiproxy %.0f/s",
                            i,
                            repeat,
                            harness.get(i - 1),
                            pgbench.get(i - 1),
                            direct.get(i - 1)));
                    progress.flush();
                }
            }
        }
        Comparison comparison = new Comparison(
                "writes: acknowledged single-row inserts a second, " + settings.sessions() + " sessions, "
                        + settings.span().toSeconds() + " s each",
                "/s",
                new Side("harness's workload, each write recorded", new Series(harness)),
                new Side("pgbench, same way through Toxiproxy", new Series(pgbench)),
                Optional.of(new Side("for information: pgbench without Toxiproxy", new Series(direct))));
        comparison.print(out, List.of(new Aim("at least 90 % of pgbench", comparison.ratio() >= LEAST_RATIO)));
    }

    private Bench bench(BenchCluster cluster) throws InterruptedException {
        String proxies = docker.run(
                        "ps",
                        "--quiet",
                        "--filter",
                        "label=" + Ownership.RUN + "=" + cluster.machines().run(),
                        "--filter",
                        "name=toxiproxy")
                .lines()
                .findFirst()
                .orElseThrow(() -> new EnvironmentException("The container of the links was not found."));
        String network = docker.run(
                "inspect", "--format", "{{range $name, $value := .NetworkSettings.Networks}}{{$name}}{{end}}", proxies);
        String primary = cluster.primary();
        return new Bench(
                Labels.of(docker, proxies),
                network,
                inside(proxies, cluster.client(primary)),
                new Endpoint(primary, POSTGRES_PORT),
                cluster.jdbc());
    }

    /** A link's endpoint as a container on the cluster's network sees it. */
    private Endpoint inside(String proxies, Endpoint fromHere) throws InterruptedException {
        int port = docker.run("port", proxies)
                .lines()
                .filter(line -> line.endsWith(":" + fromHere.port()))
                .findFirst()
                .map(line -> Integer.parseInt(line.substring(0, line.indexOf('/'))))
                .orElse(fromHere.port());
        return new Endpoint("toxiproxy", port);
    }

    private double harness(BenchCluster cluster, Recorder recorder, Duration span) throws InterruptedException {
        empty(cluster);
        WorkloadSettings usual = WorkloadSettings.standard(0).withSessions(settings.sessions());
        WorkloadSettings single = new WorkloadSettings(
                usual.sessions(), 0, 0, usual.rowsMax(), usual.probeEvery(), usual.patience(), usual.answer(), 0);
        // No members to probe: pgbench has nothing of the kind beside it.
        try (Workload load = Workload.start(
                single, cluster.cluster().clients(), cluster.machines().routes(), List.of(), recorder)) {
            load.awaitAcknowledged(1, FIRST_WRITE);
            Thread.sleep(WARM_UP.toMillis());
            RunEvent.Progress before = load.progress();
            Thread.sleep(span.toMillis());
            RunEvent.Progress after = load.progress();
            load.stop(STOP);
            if (after.unknown() != before.unknown() || after.failed() != before.failed()) {
                throw new EnvironmentException("Writes failed while they were counted; nothing was to fail.");
            }
            return (after.acknowledged() - before.acknowledged()) * 1e9 / (after.at() - before.at());
        }
    }

    private double pgbench(BenchCluster cluster, Bench bench, Endpoint endpoint, Duration span)
            throws InterruptedException {
        empty(cluster);
        List<String> command = new ArrayList<>(
                List.of("run", "--rm", "--network", bench.network(), "--env", "PGPASSWORD", "--env", "SCRIPT"));
        command.addAll(bench.labels().arguments());
        command.addAll(List.of(
                "--entrypoint",
                "sh",
                images.node(settings.postgres()),
                "-c",
                "printf '%s' \"$SCRIPT\" >/tmp/insert.sql && exec pgbench \"$@\"",
                "sh",
                "--no-vacuum",
                "--protocol=prepared",
                "--file=/tmp/insert.sql",
                "--client=" + settings.sessions(),
                "--jobs=" + Math.min(2, settings.sessions()),
                "--time=" + span.toSeconds(),
                "--define=n=0",
                "--define=clients=" + settings.sessions(),
                // As long as the workload's.
                "--define=content=row 123456 9e3779b1",
                "--host=" + endpoint.host(),
                "--port=" + endpoint.port(),
                "--username=" + bench.jdbc().user(),
                bench.jdbc().database()));
        String said = docker.run(
                span.plus(SLACK), Map.of("PGPASSWORD", bench.jdbc().password().reveal(), "SCRIPT", SCRIPT), command);
        return rate(said);
    }

    /** The rate that pgbench reports. */
    static double rate(String said) {
        Matcher rate = RATE.matcher(said);
        if (!rate.find()) {
            throw new EnvironmentException("pgbench did not report a rate; it said: " + said);
        }
        return Double.parseDouble(rate.group(1));
    }

    private static void empty(BenchCluster cluster) throws InterruptedException {
        try (Connection connection = cluster.jdbc().connect(cluster.client(cluster.primary()));
                Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE ledger");
        } catch (SQLException e) {
            throw new EnvironmentException("The workload's table could not be emptied: " + e.getMessage(), e);
        }
    }
}
