package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.RecoveryTimeChecker;
import io.github.pggauntlet.harness.check.RunRecord;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.PartitionFault;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.history.EventReader;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.scenarios.bench.Comparison.Aim;
import io.github.pggauntlet.scenarios.bench.Comparison.Side;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Timings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How long no write is acknowledged when a whole machine is lost, when it is cut off, and when the primary's role is handed
 * over as planned; each beside a failover by hand at the bare limit, one of each in every round, all in one cluster and one
 * plain pair. Who loses a machine without a word has to wait for the rest of its lease: the aim counts from there.
 */
public final class FailoverBenchmark implements Benchmark {

    private static final int USUAL = 10;
    private static final double GREATEST = 0.99;
    private static final Duration BESIDE_THE_LEASE = Duration.ofSeconds(1);
    private static final Duration SWITCHOVER = Duration.ofSeconds(1);

    private final Images images;
    private final DockerCli docker;
    private final HaStrategy strategy;
    private final BenchSettings settings;

    /**
     * A way to lose the primary.
     *
     * @param fault what is done
     * @param title what it is called
     * @param limit how long writes may stop at the 99th percentile
     * @param why where the limit comes from
     */
    private record Way(Fault fault, String title, Duration limit, String why) {}

    /** Measures failovers under a strategy. */
    public FailoverBenchmark(Images images, HaStrategy strategy, BenchSettings settings) {
        this.images = images;
        this.docker = new DockerCli(images);
        this.strategy = strategy;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "failovers";
    }

    private static List<Way> ways(Timings timings) {
        Duration lost = timings.lease().plus(BESIDE_THE_LEASE);
        String lease = "the lease of " + timings.lease().toSeconds() + " s and one second";
        return List.of(
                new Way(new Fault.KillHost(Target.primary()), "the primary's machine is killed", lost, lease),
                new Way(new PartitionFault.Isolate(Target.primary()), "the primary is isolated", lost, lease),
                new Way(new Fault.Switchover(Optional.empty()), "switchover", SWITCHOVER, "one second"));
    }

    @Override
    public void run(PrintWriter out, PrintWriter progress) throws InterruptedException {
        int repeat = settings.repeat(USUAL);
        List<Double> bare = new ArrayList<>();
        List<Outage> outages;
        List<Way> ways;
        progress.println("failovers: building a cluster and a plain pair");
        progress.flush();
        try (BenchCluster cluster = BenchCluster.build(images, strategy, settings.postgres());
                PlainPair pair = BareFailovers.pairBeside(cluster, docker, images, strategy, settings);
                Scratch scratch = new Scratch()) {
            ways = ways(cluster.timings());
            pair.start(step -> {});
            BareFailovers limit = new BareFailovers(pair, settings.sessions());
            RunClock clock = RunClock.start();
            try (HistoryWriter history = HistoryWriter.create(scratch.folder().history(), clock.anchor());
                    EventWriter events = EventWriter.create(scratch.folder().events(), clock.anchor())) {
                MeasuredFailovers failovers = new MeasuredFailovers(
                        cluster, docker, settings.sessions(), new Recorder(clock, history), events, clock);
                for (int i = 1; i <= repeat; i++) {
                    round(ways, failovers, progress);
                    bare.add(limit.once());
                    progress.println(String.format(
                            Locale.ROOT, "failovers: round %d of %d; by hand %.0f ms", i, repeat, bare.get(i - 1)));
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
        for (Way way : ways) {
            print(out, way, of(way.fault().faultClass(), outages), bare);
        }
    }

    private static void round(List<Way> ways, MeasuredFailovers failovers, PrintWriter progress)
            throws InterruptedException {
        for (Way way : ways) {
            try {
                failovers.once(way.fault());
            } catch (EnvironmentException e) {
                failovers.tellJournals(progress);
                throw e;
            }
        }
    }

    private static List<Outage> of(FaultClass kind, List<Outage> outages) {
        return outages.stream()
                .filter(outage -> outage.faultClass().equals(Optional.of(kind)))
                .toList();
    }

    private void print(PrintWriter out, Way way, List<Outage> outages, List<Double> bare) {
        if (outages.size() != bare.size()) {
            throw new EnvironmentException("There were " + outages.size() + " failovers in the record and not "
                    + bare.size() + " of which it can be said that " + way.title()
                    + "; the figures would not be worth anything.");
        }
        Series series = new Series(outages.stream().map(Outage::millis).toList());
        Comparison comparison = new Comparison(
                "failovers: from the last acknowledged write to the first on the new timeline: " + way.title(),
                "ms",
                new Side("under '" + strategy.name() + "', durability sync", series),
                new Side("bare limit: SIGKILL, pg_promote, write", new Series(bare)),
                Optional.empty());
        comparison.print(
                out,
                List.of(new Aim(
                        "p99 at most " + way.limit().toMillis() + " ms (" + way.why() + ")",
                        series.percentile(GREATEST) <= way.limit().toMillis())));
        Breakdown parts = new Breakdown();
        for (Outage outage : outages) {
            Map<String, Double> millis = new LinkedHashMap<>();
            outage.parts().forEach((part, nanos) -> millis.put(part.id(), nanos / 1e6));
            parts.add(millis);
        }
        if (!parts.isEmpty()) {
            parts.print(out, "Where the time goes (median, min to max; one after the other):");
        }
    }
}
