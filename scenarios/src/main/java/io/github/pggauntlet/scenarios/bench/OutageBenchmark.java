package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.RecoveryTimeChecker;
import io.github.pggauntlet.harness.check.RunRecord;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Ownership;
import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Injector;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.history.EventReader;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.scenarios.bench.Comparison.Aim;
import io.github.pggauntlet.scenarios.bench.Comparison.Side;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Promises;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long no write is acknowledged after the primary's postmaster was killed: under a strategy, and at the bare limit, where
 * the same hand that kills promotes the standby at once and the client knows where to go. Many failovers in one cluster, in
 * turns with as many in one plain pair; while one side is measured nobody writes to the other.
 */
public final class OutageBenchmark implements Benchmark {

    private static final int USUAL = 20;
    private static final long WRITES_BEFORE = 200;
    private static final long WRITES_AFTER = 50;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 2;
    private static final double MOST_RATIO = 2;

    private final Images images;
    private final DockerCli docker;
    private final HaStrategy strategy;
    private final BenchSettings settings;

    /** Measures failovers under a strategy. */
    public OutageBenchmark(Images images, HaStrategy strategy, BenchSettings settings) {
        this.images = images;
        this.docker = new DockerCli(images);
        this.strategy = strategy;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "outage";
    }

    @Override
    public void run(PrintWriter out, PrintWriter progress) throws InterruptedException {
        int repeat = settings.repeat(USUAL);
        List<Double> bare = new ArrayList<>();
        List<Outage> outages;
        progress.println("outage: building a cluster and a plain pair");
        progress.flush();
        try (BenchCluster cluster = BenchCluster.build(images, strategy, settings.postgres());
                PlainPair pair = pair(cluster);
                Scratch scratch = new Scratch()) {
            pair.start(step -> {});
            Bare limit = new Bare(pair);
            RunClock clock = RunClock.start();
            try (HistoryWriter history = HistoryWriter.create(scratch.folder().history(), clock.anchor());
                    EventWriter events = EventWriter.create(scratch.folder().events(), clock.anchor())) {
                Failovers failovers = new Failovers(cluster, new Recorder(clock, history), events, clock);
                for (int i = 1; i <= repeat; i++) {
                    try {
                        failovers.once();
                    } catch (EnvironmentException e) {
                        failovers.tellJournals(progress);
                        throw e;
                    }
                    bare.add(limit.once());
                    progress.println(String.format(
                            Locale.ROOT,
                            "outage %d of %d: a failover under '%s', and one by hand of %.0f ms",
                            i,
                            repeat,
                            strategy.name(),
                            bare.get(i - 1)));
                    progress.flush();
                }
            }
            outages = new RecoveryTimeChecker()
                    .check(new RunRecord(
                            HistoryReader.read(scratch.folder().history()),
                            EventReader.read(scratch.folder().events()),
                            Promises.none()))
                    .measures()
                    .outages();
        }
        if (outages.size() != repeat) {
            throw new EnvironmentException("There were " + outages.size() + " failovers in the record and not " + repeat
                    + ", one for each kill; the figures would not be worth anything.");
        }
        print(out, outages, bare);
    }

    private void print(PrintWriter out, List<Outage> outages, List<Double> bare) {
        Comparison comparison = new Comparison(
                "outage: from the last acknowledged write to the first on the new timeline, after SIGKILL",
                "ms",
                new Side(
                        "under '" + strategy.name() + "', durability sync",
                        new Series(outages.stream().map(Outage::millis).toList())),
                new Side("bare limit: SIGKILL, pg_promote, write", new Series(bare)),
                Optional.empty());
        comparison.print(
                out, List.of(new Aim("median at most twice the bare limit's", comparison.ratio() <= MOST_RATIO)));
        Breakdown parts = new Breakdown();
        for (Outage outage : outages) {
            Map<String, Double> millis = new LinkedHashMap<>();
            outage.parts().forEach((part, nanos) -> millis.put(part.id(), nanos / 1e6));
            parts.add(millis);
        }
        if (!parts.isEmpty()) {
            parts.print(out, "Where the time under the strategy goes (median, min to max; one after the other):");
            out.println(
                    "    The medians need not add up. A write can be acknowledged before the new primary has recorded that");
            out.println("    it is open; 'open' is then 0 and its time stands in 'reroute': read the two together.");
            out.flush();
        }
    }

    private PlainPair pair(BenchCluster cluster) throws InterruptedException {
        String run = cluster.machines().run();
        String container = docker.run("ps", "--quiet", "--filter", "label=" + Ownership.RUN + "=" + run)
                .lines()
                .findFirst()
                .orElseThrow(() -> new EnvironmentException("The cluster's containers were not found."));
        Map<String, String> postgres = RunPlan.of(strategy.name(), Durability.SYNC, "bench", Map.of(), 0)
                .settings();
        return new PlainPair(
                docker,
                Labels.of(docker, container).forRun(run + "-plain"),
                images.node(settings.postgres()),
                postgres,
                true);
    }

    /** Failovers of a cluster under a strategy. */
    private final class Failovers {

        private final BenchCluster cluster;
        private final Recorder recorder;
        private final EventWriter events;
        private final RunClock clock;
        private final Injector injector;
        private final Map<String, Long> seen = new HashMap<>();
        private int faults;

        Failovers(BenchCluster cluster, Recorder recorder, EventWriter events, RunClock clock) {
            this.cluster = cluster;
            this.recorder = recorder;
            this.events = events;
            this.clock = clock;
            this.injector = new Injector(cluster.machines(), cluster.cluster());
        }

        /** One failover under load. The cluster is whole again, and nobody writes, when this returns. */
        void once() throws InterruptedException {
            cluster.awaitWhole();
            try (Workload load = Workload.start(
                    WorkloadSettings.standard(faults).withSessions(settings.sessions()),
                    cluster.cluster().clients(),
                    cluster.machines().routes(),
                    cluster.machines().members(),
                    recorder)) {
                load.awaitAcknowledged(WRITES_BEFORE, LIMIT);
                ActiveFault.Made made = injector.inject(new Fault.KillPostmaster(Target.primary()))
                        .made();
                record(made);
                // Whom the fault has hit: under heavy load the primary may be another one than a moment before.
                cluster.awaitTakeover(String.join("", made.resolved().values()));
                load.awaitAcknowledged(WRITES_AFTER, LIMIT);
                load.stop(STOP);
            }
            cluster.awaitWhole();
            for (JournalEntry entry : cluster.journals(seen)) {
                events.append(new RunEvent.Journal(clock.nanos(), entry));
                seen.merge(entry.member(), entry.sequence(), Math::max);
            }
        }

        /** What the members have done since the last failover that succeeded: why the present one did not. */
        void tellJournals(PrintWriter progress) {
            for (JournalEntry entry : cluster.journals(seen)) {
                progress.println(
                        "  " + entry.at() + " " + entry.member() + " " + entry.milestone() + " " + entry.details());
            }
            progress.flush();
        }

        private void record(ActiveFault.Made made) {
            faults++;
            events.append(new RunEvent.FaultMade(
                    clock.anchor().nanos(made.from()),
                    clock.anchor().nanos(made.to()),
                    "f" + faults,
                    made.fault().toString(),
                    made.judgedAs(),
                    String.join(" and ", made.resolved().keySet()),
                    String.join(" and ", made.resolved().values()),
                    made.evidence().toString()));
        }
    }

    /** Failovers by hand. */
    private static final class Bare {

        private final PlainPair pair;
        private final AtomicLong nextKey = new AtomicLong(1);
        private String primary;
        private String standby;

        Bare(PlainPair pair) {
            this.pair = pair;
            this.primary = pair.servers().get(0);
            this.standby = pair.servers().get(1);
        }

        /** One failover; the two have changed roles, and the standby is synchronous, when this returns. */
        double once() throws InterruptedException {
            Endpoint from = pair.endpoint(primary);
            Endpoint to = pair.endpoint(standby);
            BareWriter writer = new BareWriter(pair.jdbc(), from, to, nextKey);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            double millis;
            try (Connection hand = pair.jdbc().connect(to);
                    Statement promote = hand.createStatement();
                    ArmedKill kill = new ArmedKill(pair.armKill(primary))) {
                Future<Double> outage = thread.submit(writer);
                awaitWrites(writer, outage);
                kill.kill();
                promote.execute("SELECT pg_promote(true, 60)");
                millis = outage.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (SQLException | ExecutionException | TimeoutException e) {
                throw new EnvironmentException("The failover by hand did not succeed: " + e.getMessage(), e);
            } finally {
                thread.shutdownNow();
            }
            String killed = primary;
            pair.rejoin(killed, standby);
            primary = standby;
            standby = killed;
            return millis;
        }

        private static void awaitWrites(BareWriter writer, Future<Double> outage) throws InterruptedException {
            long begin = System.nanoTime();
            while (writer.acknowledged() < WRITES_BEFORE) {
                if (outage.isDone() || System.nanoTime() - begin > LIMIT.toNanos()) {
                    throw new EnvironmentException("The client by hand could not write before the failover.");
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }
}
