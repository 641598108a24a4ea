package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Ownership;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaStrategy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Failovers by hand, at the bare limit. For use by one thread. */
final class BareFailovers {

    private static final long WRITES_BEFORE = 200;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 2;

    private final PlainPair pair;
    private final AtomicLong nextKey = new AtomicLong(1);
    private String primary;
    private String standby;

    BareFailovers(PlainPair pair) {
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
