package io.github.pggauntlet.harness.cluster;

import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.harness.workload.LedgerSchema;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.streaming.StreamingStrategy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** A cluster under the streaming strategy whose machines a test may put its hands on. */
final class StreamingRig implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(60);
    static final Timings TIMINGS = Timings.quick();

    private static final Duration CALL = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Engine engine;
    private final TestCluster machines;
    private final HaCluster cluster;
    private final Map<String, Long> journalsRead = new HashMap<>();

    private StreamingRig(Engine engine, TestCluster machines, HaCluster cluster) {
        this.engine = engine;
        this.machines = machines;
        this.cluster = cluster;
    }

    static StreamingRig start(int members, Durability durability, Map<String, String> settings)
            throws InterruptedException {
        StreamingStrategy strategy = new StreamingStrategy();
        Images images = Images.find();
        Engine engine = Engine.connect(images);
        try {
            ClusterSpec plain =
                    spec(Topology.of(members, Clusters.POSTGRES).members(), durability, settings, Routes.none());
            TestCluster machines = TestCluster.start(
                    engine, images, Topology.of(members, Clusters.POSTGRES, strategy.requirements(plain)));
            try {
                HaCluster cluster = strategy.install(
                        spec(machines.members(), durability, settings, machines.routes()), machines.hosts());
                StreamingRig rig = new StreamingRig(engine, machines, cluster);
                rig.awaitWhole();
                try (Connection connection = rig.connect(rig.primary())) {
                    LedgerSchema.create(connection);
                }
                return rig;
            } catch (SQLException e) {
                machines.close();
                throw new IllegalStateException(e);
            } catch (RuntimeException | InterruptedException e) {
                machines.close();
                throw e;
            }
        } catch (RuntimeException | InterruptedException e) {
            engine.close();
            throw e;
        }
    }

    private static ClusterSpec spec(
            List<String> members, Durability durability, Map<String, String> settings, Routes routes) {
        return new ClusterSpec("fencing", members, durability, routes, TIMINGS, Credentials.random(), settings);
    }

    Host host(String member) {
        return machines.machine(member).host();
    }

    Machine machine(String member) {
        return machines.machine(member);
    }

    /** What a command prints on a machine; it must succeed. */
    String run(String member, String... command) throws InterruptedException {
        return host(member).run(Command.of(CALL, command)).orFail().output().strip();
    }

    /** The process of a member's agent. */
    String agent(String member) throws InterruptedException {
        return run(member, "pgrep", "-x", "java");
    }

    /** Runs a line of SQL on a member as its superuser would, and gives what it prints. */
    Optional<String> ask(String member, String sql) {
        try (Connection connection = connect(member);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    Connection connect(String member) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", cluster.clients().user());
        properties.setProperty("password", cluster.clients().password().reveal());
        properties.setProperty("sslmode", "disable");
        properties.setProperty("loginTimeout", "3");
        properties.setProperty("socketTimeout", "3");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + machines.routes().route(Routes.OPERATOR, member, Service.POSTGRES) + "/"
                        + cluster.clients().database(),
                properties);
    }

    /** Whether a write directly to a member is acknowledged. */
    boolean writes(String member) {
        try (Connection connection = connect(member);
                Statement statement = connection.createStatement()) {
            statement.execute("update ledger_marker set reads = reads + 1");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    List<NodeStatus> status() {
        return cluster.status();
    }

    private static Optional<NodeStatus> head(List<NodeStatus> statuses) {
        List<NodeStatus> primaries = statuses.stream()
                .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                .toList();
        return primaries.size() == 1 ? Optional.of(primaries.get(0)) : Optional.empty();
    }

    String primary() {
        return awaited("an open primary", () -> head(cluster.status()).map(NodeStatus::member));
    }

    String primaryOtherThan(String former) {
        return awaited(
                "another primary than " + former,
                () -> head(cluster.status()).map(NodeStatus::member).filter(member -> !member.equals(former)));
    }

    /** A member that is not the primary. */
    String standby() {
        String primary = primary();
        return machines.members().stream()
                .filter(member -> !member.equals(primary))
                .findFirst()
                .orElseThrow();
    }

    void awaitWhole() {
        awaited(
                "all members to be redundant again",
                () -> whole(cluster.status()) ? Optional.of("") : Optional.empty());
    }

    /**
     * Waits until a standby may be promoted and has all its primary has. A burst of writes is more than an asynchronous
     * primary may be ahead on a slow disk: it then takes the standby off the promotable ones until it has caught up, and a
     * primary that fails at that moment has no successor but itself.
     */
    void awaitSuccessor(String primary, String standby) {
        await(standby + " to have all " + primary + " has and to be promotable")
                .atMost(LIMIT)
                .pollInterval(POLL)
                // For longer than between two looks of the agent, which may be about to write down what it saw before.
                .during(TIMINGS.tick().multipliedBy(4))
                .until(() -> succeeds(primary, standby, cluster.status()));
    }

    private static boolean succeeds(String primary, String standby, List<NodeStatus> statuses) {
        Optional<NodeStatus> head = head(statuses).filter(node -> node.member().equals(primary));
        Optional<NodeStatus> follower = statuses.stream()
                .filter(node -> node.member().equals(standby) && node.streaming())
                .findFirst();
        return head.isPresent()
                && follower.isPresent()
                && head.get().promotable().contains(standby)
                && head.get().lsn().isPresent()
                && head.get().lsn().equals(follower.get().lsn());
    }

    private static boolean whole(List<NodeStatus> statuses) {
        Optional<NodeStatus> head = head(statuses);
        Set<String> members = new HashSet<>();
        statuses.forEach(node -> members.add(node.member()));
        return head.isPresent()
                && head.get().rewindReady()
                && (head.get().promotable().equals(members) || statuses.size() > 2)
                && statuses.stream()
                        .filter(node -> node.role() != NodeRole.PRIMARY)
                        .allMatch(node -> node.role() == NodeRole.STANDBY
                                && node.streaming()
                                && node.timeline().equals(head.get().timeline()));
    }

    /** Forgets what members have recorded until now. */
    void turnPages() {
        for (String member : machines.members()) {
            // All of it, since a member that does not answer has an empty one.
            long last = awaited(
                    "the journal of " + member,
                    () -> cluster.journal(member, 0).stream()
                            .map(JournalEntry::sequence)
                            .max(Long::compare));
            journalsRead.put(member, last);
        }
    }

    /** What a member has recorded since the pages were turned. */
    JournalEntry awaitEntry(String member, Milestone milestone) {
        return awaited(
                member + " to record " + milestone,
                () -> cluster.journal(member, journalsRead.getOrDefault(member, 0L)).stream()
                        .filter(entry -> entry.milestone() == milestone)
                        .findFirst());
    }

    List<JournalEntry> entries(String member) {
        return cluster.journal(member, journalsRead.getOrDefault(member, 0L));
    }

    private <T> T awaited(String what, java.util.function.Supplier<Optional<T>> look) {
        java.util.concurrent.atomic.AtomicReference<Optional<T>> seen =
                new java.util.concurrent.atomic.AtomicReference<>(Optional.empty());
        try {
            await(what)
                    .atMost(LIMIT)
                    .pollInterval(POLL)
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        seen.set(look.get());
                        return seen.get().isPresent();
                    });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(
                    "Waited in vain for " + what + "; seen instead: " + cluster.status() + "\n"
                            + machines.members().stream()
                                    .map(member -> member + ": " + entries(member))
                                    .toList(),
                    e);
        }
        return seen.get().orElseThrow();
    }

    /** What there is to read of a member when a test has failed. */
    String story(String member) {
        String logs;
        try {
            logs = host(member)
                    .run(Command.of(
                            CALL,
                            "sh",
                            "-c",
                            "cd /var/lib/gauntlet/log && tail -n 25 agent.log postgres.log watchdog.log; ps -ef"))
                    .output();
        } catch (io.github.pggauntlet.strategy.host.HostException e) {
            logs = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            logs = "interrupted";
        }
        return "\n" + member + ": " + entries(member) + "\n" + logs;
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
