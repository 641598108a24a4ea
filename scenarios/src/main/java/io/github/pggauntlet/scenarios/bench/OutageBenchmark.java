package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.check.Outage;
import io.github.pggauntlet.harness.check.RecoveryTimeChecker;
import io.github.pggauntlet.harness.check.RunRecord;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.history.EventReader;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryReader;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.scenarios.bench.Comparison.Aim;
import io.github.pggauntlet.scenarios.bench.Comparison.Side;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.Promises;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How long no write is acknowledged after the primary's postmaster was killed: under a strategy, and at the bare limit, where
 * the same hand that kills promotes the standby at once and the client knows where to go. Many failovers in one cluster, in
 * turns with as many in one plain pair; while one side is measured nobody writes to the other.
 */
public final class OutageBenchmark implements Benchmark {

    private static final int USUAL = 20;
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
                PlainPair pair = BareFailovers.pairBeside(cluster, docker, images, strategy, settings);
                Scratch scratch = new Scratch()) {
            pair.start(step -> {});
            BareFailovers limit = new BareFailovers(pair, settings.sessions());
            RunClock clock = RunClock.start();
            try (HistoryWriter history = HistoryWriter.create(scratch.folder().history(), clock.anchor());
                    EventWriter events = EventWriter.create(scratch.folder().events(), clock.anchor())) {
                MeasuredFailovers failovers = new MeasuredFailovers(
                        cluster, docker, settings.sessions(), new Recorder(clock, history), events, clock);
                for (int i = 1; i <= repeat; i++) {
                    try {
                        failovers.killPostmaster();
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
}
