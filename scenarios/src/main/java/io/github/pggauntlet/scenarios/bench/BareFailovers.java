package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Ownership;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.scenarios.bench.BareWriter.Gap;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaStrategy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Failovers by hand, at the bare limit, under as many clients as a strategy's have: what they cost the computer when all of
 * them lose their connections at once is in both figures. For use by one thread.
 */
final class BareFailovers {

    private static final long WRITES_BEFORE = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 2;

    private final PlainPair pair;
    private final int sessions;
    private final AtomicLong nextKey = new AtomicLong(1);
    private String primary;
    private String standby;

    /** @param sessions how many clients write */
    BareFailovers(PlainPair pair, int sessions) {
        this.pair = pair;
        this.sessions = sessions;
        this.primary = pair.servers().get(0);
        this.standby = pair.servers().get(1);
    }

    /** One failover; the two have changed roles, and the standby is synchronous, when this returns. */
    double once() throws InterruptedException {
        Endpoint from = pair.endpoint(primary);
        Endpoint to = pair.endpoint(standby);
        List<BareWriter> writers = IntStream.range(0, sessions)
                .mapToObj(session -> new BareWriter(session, pair.jdbc(), from, to, nextKey))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(sessions);
        List<Gap> gaps = new ArrayList<>();
        try (Connection hand = pair.jdbc().connect(to);
                Statement promote = hand.createStatement();
                ArmedKill kill = pair.armKill(primary)) {
            List<Future<Gap>> outages = new ArrayList<>();
            writers.forEach(writer -> outages.add(threads.submit(writer)));
            awaitWrites(writers, outages);
            kill.kill();
            promote.execute("SELECT pg_promote(true, 60)");
            for (Future<Gap> outage : outages) {
                gaps.add(outage.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            }
        } catch (SQLException | ExecutionException | TimeoutException e) {
            throw new EnvironmentException("The failover by hand did not succeed: " + e.getMessage(), e);
        } finally {
            threads.shutdownNow();
        }
        String killed = primary;
        pair.rejoin(killed, standby);
        primary = standby;
        standby = killed;
        // As for a strategy: from the last that anybody was told on the old primary to the first on the new one.
        long last = gaps.stream().mapToLong(Gap::last).max().orElseThrow();
        long first = gaps.stream().mapToLong(Gap::first).min().orElseThrow();
        return (first - last) / 1e6;
    }

    private static void awaitWrites(List<BareWriter> writers, List<Future<Gap>> outages) throws InterruptedException {
        long begin = System.nanoTime();
        while (writers.stream().mapToLong(BareWriter::acknowledged).sum() < WRITES_BEFORE
                || writers.stream().anyMatch(writer -> writer.acknowledged() == 0)) {
            if (outages.stream().anyMatch(Future::isDone) || System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new EnvironmentException("The client by hand could not write before the failover.");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** A plain pair beside a cluster: the same image and the same settings, removed with the cluster's run if need be. */
    static PlainPair pairBeside(
            BenchCluster cluster, DockerCli docker, Images images, HaStrategy strategy, BenchSettings settings)
            throws InterruptedException {
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
}
