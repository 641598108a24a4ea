package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.StartupTimes;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.scenarios.bench.BenchCluster.Mark;
import io.github.pggauntlet.scenarios.bench.Comparison.Aim;
import io.github.pggauntlet.scenarios.bench.Comparison.Side;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * From images to the first acknowledged write on two servers in synchronous replication: by the harness, with arbiter, links
 * and agents, and by hand with {@code docker} alone.
 */
public final class StartBenchmark implements Benchmark {

    private static final int USUAL = 5;
    private static final Duration FIRST_WRITE = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final double MOST_MILLIS = 3000;
    private static final double MOST_RATIO = 2;

    private final Images images;
    private final DockerCli docker;
    private final HaStrategy strategy;
    private final BenchSettings settings;
    private final Breakdown harnessSteps = new Breakdown();
    private final Breakdown plainSteps = new Breakdown();

    /** Measures a strategy's start. */
    public StartBenchmark(Images images, HaStrategy strategy, BenchSettings settings) {
        this.images = images;
        this.docker = new DockerCli(images);
        this.strategy = strategy;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "start";
    }

    private record Measured(double millis, Labels labels, StartupTimes machines) {}

    @Override
    public void run(PrintWriter out, PrintWriter progress) throws InterruptedException {
        int repeat = settings.repeat(USUAL);
        List<Double> harness = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        Optional<StartupTimes> machines = Optional.empty();
        for (int i = 1; i <= repeat; i++) {
            Measured built = harness();
            double byHand = plain(built.labels().forRun(built.labels().run() + "-plain"));
            harness.add(built.millis());
            plain.add(byHand);
            machines = Optional.of(built.machines());
            progress.println(String.format(
                    Locale.ROOT,
                    "start %d of %d: harness %.0f ms, by hand %.0f ms",
                    i,
                    repeat,
                    built.millis(),
                    byHand));
            progress.flush();
        }
        Comparison comparison = new Comparison(
                "start: from images to the first acknowledged write on two synchronous servers",
                "ms",
                new Side("harness: 2 nodes, agents, etcd, Toxiproxy", new Series(harness)),
                new Side("by hand: 2 × docker run, nothing else", new Series(plain)),
                Optional.empty());
        comparison.print(
                out,
                List.of(
                        new Aim(
                                "harness at most 3 s",
                                comparison.harness().series().median() <= MOST_MILLIS),
                        new Aim("at most twice the plain way", comparison.ratio() <= MOST_RATIO)));
        out.println(String.format(
                Locale.ROOT,
                "  The harness's first start, with a Java machine that has loaded nothing yet, took %.0f ms.",
                harness.get(0)));
        harnessSteps.print(out, "Where the harness's time goes (median, min to max; one after the other):");
        plainSteps.print(out, "Where the time goes by hand:");
        machines.ifPresent(times -> {
            out.println();
            out.println("  The machines of the last start (begin and duration of each step; side by side): " + times);
        });
        out.flush();
    }

    private Measured harness() throws InterruptedException {
        Instant begin = Instant.now();
        try (BenchCluster cluster = BenchCluster.build(images, strategy, settings.postgres());
                Scratch scratch = new Scratch()) {
            Instant end = firstWrite(cluster, scratch);
            harnessSteps.add(steps(begin, cluster, end));
            String container = docker.run(
                            "ps",
                            "--quiet",
                            "--filter",
                            "label=" + io.github.pggauntlet.harness.cluster.Ownership.RUN + "="
                                    + cluster.machines().run())
                    .lines()
                    .findFirst()
                    .orElseThrow();
            return new Measured(
                    Duration.between(begin, end).toNanos() / 1e6,
                    Labels.of(docker, container),
                    cluster.machines().startup());
        }
    }

    /** Writes through the clients' route until the first write is acknowledged; tells when that was. */
    private Instant firstWrite(BenchCluster cluster, Scratch scratch) throws InterruptedException {
        RunClock clock = RunClock.start();
        try (HistoryWriter history = HistoryWriter.create(scratch.folder().history(), clock.anchor());
                Workload load = Workload.start(
                        WorkloadSettings.standard(0).withSessions(settings.sessions()),
                        cluster.cluster().clients(),
                        cluster.machines().routes(),
                        cluster.machines().members(),
                        new Recorder(clock, history))) {
            load.awaitAcknowledged(1, FIRST_WRITE);
            Instant end = Instant.now();
            load.stop(STOP);
            return end;
        }
    }

    /** The steps of a start on its longest way: what the harness did, then the agents, then the harness again. */
    private static Map<String, Double> steps(Instant begin, BenchCluster cluster, Instant end) {
        List<JournalEntry> journal = cluster.journals(Map.of());
        String elected = journal.stream()
                .filter(entry -> entry.milestone() == Milestone.ELECTED)
                .map(JournalEntry::member)
                .findFirst()
                .orElse("");
        List<Mark> ends = new ArrayList<>(cluster.marks().subList(0, 2));
        ends.add(cluster.marks().get(2));
        add(ends, journal, Milestone.AGENT_STARTED, Optional.of(elected), "the primary's agent started");
        add(ends, journal, Milestone.ELECTED, Optional.of(elected), "elected");
        add(ends, journal, Milestone.BOOTSTRAPPED, Optional.of(elected), "initdb, first start, roles, database");
        add(ends, journal, Milestone.OPENED, Optional.of(elected), "primary open");
        add(ends, journal, Milestone.REJOIN_PLANNED, Optional.empty(), "standby has seen the primary and planned");
        add(ends, journal, Milestone.REJOINED, Optional.empty(), "base backup, standby started, streams");
        add(ends, journal, Milestone.REDUNDANT, Optional.empty(), "synchronous, recorded as redundant");
        ends.addAll(cluster.marks().subList(3, cluster.marks().size()));
        ends.add(new Mark("sessions connected, first acknowledged write", end));
        Map<String, Double> steps = new LinkedHashMap<>();
        Instant previous = begin;
        for (Mark mark : ends) {
            Instant at = mark.at().isBefore(previous) ? previous : mark.at();
            steps.put(mark.step(), Duration.between(previous, at).toNanos() / 1e6);
            previous = at;
        }
        return steps;
    }

    private static void add(
            List<Mark> ends, List<JournalEntry> journal, Milestone milestone, Optional<String> member, String what) {
        journal.stream()
                .filter(entry -> entry.milestone() == milestone
                        && member.map(entry.member()::equals).orElse(true))
                .findFirst()
                .ifPresent(entry -> ends.add(new Mark(what, entry.at())));
    }

    private double plain(Labels labels) throws InterruptedException {
        Map<String, String> postgres = io.github.pggauntlet.harness.run.RunPlan.of(
                        strategy.name(), Durability.SYNC, "bench", Map.of(), 0)
                .settings();
        Map<String, Double> steps = new LinkedHashMap<>();
        long begin = System.nanoTime();
        long[] previous = {begin};
        try (PlainPair pair = new PlainPair(docker, labels, images.node(settings.postgres()), postgres, false)) {
            pair.start(step -> {
                long now = System.nanoTime();
                steps.put(step, (now - previous[0]) / 1e6);
                previous[0] = now;
            });
        }
        plainSteps.add(steps);
        return (previous[0] - begin) / 1e6;
    }
}
