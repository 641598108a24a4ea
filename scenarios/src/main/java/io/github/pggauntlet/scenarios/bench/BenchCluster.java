package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.check.Redundancy;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.cluster.Topology;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.harness.workload.LedgerSchema;
import io.github.pggauntlet.harness.workload.SqlText;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.HostException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A cluster under a strategy in synchronous durability, built step by step as a run builds it, with the time of each step.
 */
final class BenchCluster implements AutoCloseable {

    private static final int MACHINES = 2;
    private static final Duration FORM = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Engine engine;
    private final TestCluster machines;
    private final HaCluster cluster;
    private final Timings timings;
    private final List<Mark> marks;

    /**
     * The end of a step.
     *
     * @param step what had been done
     * @param at when
     */
    record Mark(String step, Instant at) {}

    private BenchCluster(Engine engine, TestCluster machines, HaCluster cluster, Timings timings, List<Mark> marks) {
        this.engine = engine;
        this.machines = machines;
        this.cluster = cluster;
        this.timings = timings;
        this.marks = List.copyOf(marks);
    }

    /**
     * Builds a cluster. It is whole and has its tables when this returns.
     *
     * @throws EnvironmentException if that does not succeed; everything that was started is removed
     */
    static BenchCluster build(Images images, HaStrategy strategy, int postgres) throws InterruptedException {
        return build(images, strategy, postgres, Timings.quick());
    }

    /**
     * Builds a cluster that works with the given durations.
     *
     * @throws EnvironmentException if that does not succeed; everything that was started is removed
     */
    static BenchCluster build(Images images, HaStrategy strategy, int postgres, Timings timings)
            throws InterruptedException {
        List<Mark> marks = new ArrayList<>();
        Engine engine = Engine.connect(images);
        try {
            mark(marks, "connected to the engine");
            List<String> members = Topology.of(MACHINES, postgres).members();
            Topology topology = Topology.of(
                    MACHINES,
                    postgres,
                    strategy.requirements(spec(strategy, postgres, timings, members, Routes.none())));
            TestCluster machines = TestCluster.start(engine, images, topology);
            try {
                mark(marks, "machines, links and arbiter run");
                return install(engine, machines, strategy, postgres, timings, marks);
            } catch (HaException | HostException e) {
                machines.close();
                throw new EnvironmentException("The strategy could not be installed: " + e.getMessage(), e);
            } catch (RuntimeException | InterruptedException e) {
                machines.close();
                throw e;
            }
        } catch (RuntimeException | InterruptedException e) {
            engine.close();
            throw e;
        }
    }

    private static BenchCluster install(
            Engine engine, TestCluster machines, HaStrategy strategy, int postgres, Timings timings, List<Mark> marks)
            throws InterruptedException {
        ClusterSpec spec = spec(strategy, postgres, timings, machines.members(), machines.routes());
        HaCluster cluster = strategy.install(spec, machines.hosts());
        mark(marks, "agents installed");
        await(cluster, "the cluster to form", Redundancy::isWhole);
        mark(marks, "cluster seen to be whole");
        BenchCluster built = new BenchCluster(engine, machines, cluster, spec.timings(), marks);
        try {
            LedgerSchema.create(
                    WorkloadChoice.ledger(), () -> built.jdbc().connect(built.operator(built.primary())), FORM);
        } catch (SQLException e) {
            throw new EnvironmentException("The workload's tables could not be made: " + SqlText.of(e), e);
        }
        mark(marks, "tables made");
        return new BenchCluster(engine, machines, cluster, spec.timings(), marks);
    }

    private static void mark(List<Mark> marks, String step) {
        marks.add(new Mark(step, Instant.now()));
    }

    private static ClusterSpec spec(
            HaStrategy strategy, int postgres, Timings timings, List<String> members, Routes routes) {
        RunPlan plan = RunPlan.of(strategy.name(), Durability.SYNC, "bench", Map.of(), 0)
                .withPostgres(postgres);
        return new ClusterSpec(
                "gauntlet", members, Durability.SYNC, routes, timings, Credentials.random(), plan.settings());
    }

    TestCluster machines() {
        return machines;
    }

    HaCluster cluster() {
        return cluster;
    }

    /** The durations that the strategy works with. */
    Timings timings() {
        return timings;
    }

    /** The ends of the steps of its building. */
    List<Mark> marks() {
        return marks;
    }

    /** What all members have recorded of their doings after the given entry of each, oldest first. */
    List<JournalEntry> journals(Map<String, Long> after) {
        return machines.members().stream()
                .flatMap(member -> cluster.journal(member, after.getOrDefault(member, 0L)).stream())
                .sorted(java.util.Comparator.comparing(JournalEntry::at))
                .toList();
    }

    Jdbc jdbc() {
        return new Jdbc(
                cluster.clients().database(),
                cluster.clients().user(),
                cluster.clients().password());
    }

    /** The member that is primary and open. */
    String primary() throws InterruptedException {
        return await(cluster, "one open primary", statuses -> head(statuses).isPresent())
                .flatMap(BenchCluster::head)
                .map(NodeStatus::member)
                .orElseThrow();
    }

    /** Waits until another member than {@code former} is primary and open. */
    void awaitTakeover(String former) throws InterruptedException {
        await(
                cluster,
                "another primary than " + former,
                statuses -> head(statuses)
                        .filter(primary -> !primary.member().equals(former))
                        .isPresent());
    }

    /** Waits until every member may be promoted. */
    void awaitWhole() throws InterruptedException {
        await(cluster, "all members to be redundant again", Redundancy::isWhole);
    }

    private io.github.pggauntlet.strategy.Endpoint operator(String member) {
        return machines.routes().route(Routes.OPERATOR, member, Service.POSTGRES);
    }

    /** How clients reach a member. */
    io.github.pggauntlet.strategy.Endpoint client(String member) {
        return machines.routes().route(Routes.CLIENTS, member, Service.POSTGRES);
    }

    private static Optional<List<NodeStatus>> await(
            HaCluster cluster, String what, Predicate<List<NodeStatus>> condition) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            List<NodeStatus> statuses = cluster.status();
            if (condition.test(statuses)) {
                return Optional.of(statuses);
            }
            if (System.nanoTime() - begin > FORM.toNanos()) {
                throw new EnvironmentException("Waited " + FORM.toSeconds() + " s for " + what + " and saw instead: "
                        + statuses.stream()
                                .map(node -> node.member() + " is " + node.role() + " [" + node.note() + "]")
                                .collect(Collectors.joining("; "))
                        + ".");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private static Optional<NodeStatus> head(List<NodeStatus> statuses) {
        List<NodeStatus> primaries = statuses.stream()
                .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                .toList();
        return primaries.size() == 1 ? Optional.of(primaries.get(0)) : Optional.empty();
    }

    @Override
    public void close() {
        try (engine;
                machines;
                cluster) {
            // Closed in the reverse order, each whatever becomes of the others.
        }
    }
}
