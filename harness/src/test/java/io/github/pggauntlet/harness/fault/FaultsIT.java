package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.cluster.Clusters;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.PacketFilter.Flow;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.cluster.Topology;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fault's effect and its heal, on one cluster: a primary on machine0, a standby on machine1, a machine2 that carries
 * nothing, three arbiters, and data volumes that can be filled. No strategy: nothing comes back unless a test brings it back.
 *
 * <p>It is long because all faults are tried on the same cluster: each further one would take its time to be built.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class FaultsIT {

    private static final Duration SOON = Duration.ofMillis(400);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Link CLIENTS = new Link(Routes.CLIENTS, "machine0", Service.POSTGRES);
    private static final Link OPERATOR = new Link(Routes.OPERATOR, "machine0", Service.POSTGRES);
    private static final Target PRIMARY = Target.primary();
    private static final Target MACHINE2 = Target.named("machine2");

    private Engine engine;
    private TestCluster cluster;
    private Injector injector;

    @BeforeAll
    void start() throws InterruptedException {
        Images images = Images.find();
        engine = Engine.connect(images);
        cluster = TestCluster.start(
                engine,
                images,
                Topology.of(3, Clusters.POSTGRES).withArbiters(3).withVolume(256L << 20));
        injector = new Injector(cluster, this::status);
        Clusters.initdb(host("machine0"));
        Clusters.openToAll(host("machine0"));
        Clusters.startPostgres(host("machine0"));
        Clusters.copy(host("machine1"), "machine0");
        Clusters.startPostgres(host("machine1"));
        Clusters.enableIdleService(host("machine2"), "idle");
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    private io.github.pggauntlet.strategy.host.Host host(String member) {
        return cluster.machine(member).host();
    }

    private List<NodeStatus> status() {
        return List.of(
                status("machine0", NodeRole.PRIMARY),
                status("machine1", NodeRole.STANDBY),
                status("machine2", NodeRole.STOPPED));
    }

    private NodeStatus status(String member, NodeRole role) {
        return new NodeStatus(
                member,
                Instant.now(),
                role,
                role == NodeRole.PRIMARY,
                OptionalInt.empty(),
                Optional.empty(),
                role == NodeRole.STANDBY,
                postmaster(member, role),
                Set.of(),
                false,
                "");
    }

    private OptionalLong postmaster(String member, NodeRole role) {
        try {
            return role == NodeRole.STOPPED ? OptionalLong.empty() : OptionalLong.of(Clusters.postmaster(host(member)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean answers(Link link) throws InterruptedException {
        return cluster.links().roundTrip(link, SOON).isPresent();
    }

    private boolean speaks(Link link) throws InterruptedException {
        return !cluster.links().speaking(List.of(link), SOON).isEmpty();
    }

    private void awaitAnswer(Link link) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!answers(link)) {
            assertThat(System.nanoTime())
                    .as("time for an answer through %s", link)
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private Connection connect(String party) throws SQLException {
        Endpoint endpoint = cluster.routes().route(party, "machine0", Service.POSTGRES);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + endpoint + "/postgres?user=postgres&sslmode=disable&loginTimeout=5");
    }

    private static int one(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select 1")) {
            row.next();
            return row.getInt(1);
        }
    }

    private void awaitStreaming() throws InterruptedException {
        awaitStreamingAfter("");
    }

    /**
     * Awaits a standby that streams from another WAL sender than that one. After a crash of a backend the server speaks
     * before it takes sessions, and until the postmaster has noticed, the senders of before the crash are still listed:
     * only another process shows that the crash and its recovery are over.
     */
    private void awaitStreamingAfter(String before) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        String now = sender();
        while (now.isEmpty() || now.equals(before)) {
            assertThat(System.nanoTime())
                    .as("time for the standby to stream from another sender than '%s'; last seen: '%s'", before, now)
                    .isLessThan(deadline);
            Thread.sleep(50);
            now = sender();
        }
    }

    /** The process that streams WAL to the standby; empty while there is none, or while the server takes no session. */
    private String sender() throws InterruptedException {
        CommandResult asked = host("machine0")
                .run(Command.of(
                        LIMIT,
                        "runuser",
                        "-u",
                        "postgres",
                        "--",
                        "psql",
                        "-XAtc",
                        "select pid from pg_stat_replication where state = 'streaming'"));
        return asked.succeeded() ? asked.output().strip() : "";
    }

    // ---- processes

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"POSTMASTER", "POSTGRES"})
    void aFrozenPostgresAnswersNobodyUntilItIsHealed(Kind kind) throws InterruptedException {
        ActiveFault fault = injector.inject(new ProcessFault.FreezeProcess(PRIMARY, kind));

        assertThat(fault.made().judgedAs()).isEqualTo(FaultClass.POSTGRES_FROZEN);
        assertThat(answers(CLIENTS)).isFalse();
        assertThat(fault.heal().evidence().get("processes")).contains("goes on");
        awaitAnswer(CLIENTS);
    }

    @Test
    void aFrozenBackendHoldsUpItsOwnClientOnly() throws Exception {
        try (Connection held = connect(Routes.CLIENTS)) {
            assertThat(one(held)).isEqualTo(1);
            ActiveFault fault = injector.inject(new ProcessFault.FreezeProcess(PRIMARY, Kind.BACKEND));
            CompletableFuture<Integer> answer = later(held);

            try (Connection other = connect(Routes.OPERATOR)) {
                assertThat(one(other)).isEqualTo(1);
            }
            assertThat(answer).isNotDone();
            fault.heal();
            assertThat(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    private static CompletableFuture<Integer> later(Connection connection) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return one(connection);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aKilledBackendTakesItsConnectionWithIt() throws Exception {
        awaitStreaming();
        String before = sender();
        try (Connection lost = connect(Routes.CLIENTS)) {
            assertThat(one(lost)).isEqualTo(1);

            ActiveFault fault = injector.inject(new ProcessFault.KillProcess(PRIMARY, Kind.BACKEND));

            assertThat(fault.made().judgedAs()).isEqualTo(FaultClass.POSTMASTER_CRASH);
            assertThatThrownBy(() -> one(lost)).isInstanceOf(SQLException.class);
        }
        // This server restarts by itself; a strategy's does not.
        awaitStreamingAfter(before);
    }

    @Test
    void senderAndReceiverOfWalAreFoundFrozenAndKilled() throws InterruptedException {
        awaitStreaming();
        ActiveFault sender = injector.inject(new ProcessFault.FreezeProcess(PRIMARY, Kind.WAL_SENDER));
        ActiveFault receiver = injector.inject(new ProcessFault.FreezeProcess(Target.standby(), Kind.WAL_RECEIVER));
        assertThat(receiver.made().judgedAs()).isEqualTo(FaultClass.STANDBY_LOSS);
        assertThat(processes("machine0", "walsender")).contains("T");
        assertThat(processes("machine1", "walreceiver")).contains("T");
        sender.heal();
        receiver.heal();
        assertThat(processes("machine0", "walsender")).doesNotContain("T");

        String first = sender();
        ActiveFault killed = injector.inject(new ProcessFault.KillProcess(Target.standby(), Kind.WAL_RECEIVER));
        assertThat(killed.made().evidence()).containsKey("processes");
        awaitStreamingAfter(first);
        String second = sender();
        injector.inject(new ProcessFault.KillProcess(PRIMARY, Kind.WAL_SENDER));
        awaitStreamingAfter(second);
        assertThatThrownBy(() -> injector.inject(new ProcessFault.KillProcess(PRIMARY, Kind.WAL_RECEIVER)))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("there is no such process");
    }

    /** The states of the processes of that title, one letter each. */
    private String processes(String member, String title) throws InterruptedException {
        return host(member)
                .run(Command.of(
                        LIMIT,
                        "sh",
                        "-c",
                        "ps -eo stat=,args= | grep \"postgres: .*$1\" | grep -v grep | cut -c 1",
                        "ps",
                        title))
                .output();
    }

    @Test
    void anAgentIsFrozenAndKilled() throws InterruptedException {
        ActiveFault frozen = injector.inject(new ProcessFault.FreezeProcess(MACHINE2, Kind.AGENT));
        String pid = String.valueOf(frozen.made().evidence().get("processes"));
        assertThat(state(pid)).startsWith("T");
        frozen.heal();
        assertThat(state(pid)).startsWith("S");

        ActiveFault killed = injector.inject(new ProcessFault.KillProcess(MACHINE2, Kind.AGENT));
        assertThat(killed.made().evidence()).containsEntry("processes", pid);
        assertThat(state(pid)).isEmpty();
    }

    private String state(String pid) throws InterruptedException {
        CommandResult ps = host("machine2").run(Command.of(LIMIT, "ps", "-o", "stat=", "-p", pid));
        return ps.output().strip();
    }

    // ---- machines

    @Test
    void aFrozenMachineIsSilentAndGoesOn() throws Exception {
        try (Connection held = connect(Routes.CLIENTS)) {
            ActiveFault fault = injector.inject(new HostFault.FreezeHost(PRIMARY));
            assertThat(fault.made().judgedAs()).isEqualTo(FaultClass.HOST_FROZEN);
            CompletableFuture<Integer> answer = later(held);
            assertThat(speaks(CLIENTS)).isFalse();
            assertThat(answer).isNotDone();
            fault.heal();
            assertThat(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void aMachineThatLosesItsPowerBootsAtOnce() throws InterruptedException {
        Instant before = cluster.machine("machine2").state().startedAt();
        ActiveFault fault = injector.inject(new HostFault.RestartHost(MACHINE2));
        Machine.State after = cluster.machine("machine2").state();
        assertThat(after.running()).isTrue();
        assertThat(after.startedAt()).isAfter(before);
        assertThat(fault.heal().evidence()).containsEntry("machine", "running");
    }

    @Test
    void aSqueezedMachineHasLimitsUntilItIsHealed() throws InterruptedException {
        Machine machine = cluster.machine("machine2");
        ActiveFault fault = injector.inject(new HostFault.SqueezeHost(MACHINE2, 0.05, 64));
        assertThat(fault.made().evidence().get("limits")).contains("0.05");
        assertThat(memoryLimit()).isEqualTo(64L << 20);
        fault.heal();
        assertThat(memoryLimit()).isGreaterThanOrEqualTo(machine.wholeShare().memoryBytes() / 2);
    }

    private long memoryLimit() throws InterruptedException {
        return Long.parseLong(host("machine2")
                .run(Command.of(
                        LIMIT,
                        "sh",
                        "-c",
                        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max"))
                .orFail()
                .output()
                .strip());
    }

    // ---- links

    @ParameterizedTest
    @EnumSource(Flow.class)
    void aCutLinkIsSilentAndItsConnectionsGoOnWhenItIsHealed(Flow flow) throws Exception {
        try (Connection held = connect(Routes.CLIENTS)) {
            ActiveFault fault = injector.inject(new LinkFault.CutLink(Party.Beside.CLIENTS, PRIMARY, flow));
            assertThat(fault.made().judgedAs())
                    .as("clients have nowhere to write")
                    .isEqualTo(FaultClass.PARTITION);
            CompletableFuture<Integer> answer = later(held);
            assertThat(speaks(CLIENTS)).isFalse();
            assertThat(speaks(OPERATOR)).isTrue();
            assertThat(answer).isNotDone();
            assertThat(fault.heal().evidence().get("dropped")).doesNotStartWith("0 packets");
            assertThat(answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void aFlappingLinkIsCutAgainAndAgain() throws InterruptedException {
        ActiveFault fault = injector.inject(new LinkFault.FlappingLink(
                Party.Beside.CLIENTS, PRIMARY, Duration.ofMillis(200), Duration.ofMillis(200)));
        boolean open = false;
        boolean cut = false;
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!(open && cut) && System.nanoTime() < deadline) {
            boolean speaks = !cluster.links()
                    .speaking(List.of(CLIENTS), Duration.ofMillis(50))
                    .isEmpty();
            cut |= open && !speaks;
            open |= speaks;
        }
        assertThat(open && cut).as("open, and then cut again").isTrue();
        assertThat(Integer.parseInt(String.valueOf(fault.heal().evidence().get("times cut"))))
                .isGreaterThan(1);
        assertThat(speaks(CLIENTS)).isTrue();
    }

    @Test
    void slowNarrowAndSlicedLinksAreMeasured() throws InterruptedException {
        Party clients = Party.Beside.CLIENTS;
        for (Fault fault : List.of(
                new LinkFault.JitteryLink(clients, PRIMARY, Duration.ofMillis(100)),
                new LinkFault.NarrowLink(clients, PRIMARY, 50),
                new LinkFault.SlicedLink(clients, PRIMARY, 2, Duration.ofMillis(30)))) {
            ActiveFault active = injector.inject(fault);
            assertThat(active.made().evidence()).containsKey("round trip " + CLIENTS);
            assertThat(active.made().judgedAs()).isEqualTo(FaultClass.SLOW_LINK);
            active.heal();
            assertThat(cluster.links().troubles(CLIENTS)).isEmpty();
        }
    }

    @Test
    void aResettingLinkResets() throws Exception {
        try (Connection lost = connect(Routes.CLIENTS)) {
            ActiveFault fault = injector.inject(new LinkFault.ResettingLink(Party.Beside.CLIENTS, PRIMARY));
            assertThatThrownBy(() -> one(lost)).isInstanceOf(SQLException.class);
            assertThat(answers(CLIENTS)).isFalse();
            fault.heal();
            assertThat(answers(CLIENTS)).isTrue();
        }
    }

    // ---- partitions

    @Test
    void anIsolatedMachineReachesNobodyButTheOperator() throws InterruptedException {
        Machine machine0 = cluster.machine("machine0");
        Machine machine1 = cluster.machine("machine1");
        ActiveFault fault = injector.inject(new PartitionFault.Isolate(PRIMARY));
        assertThat(fault.made().judgedAs()).isEqualTo(FaultClass.HOST_ISOLATED);
        for (Link link : cluster.links().all()) {
            boolean cut = (link.from().equals("machine0") || link.to().equals("machine0"))
                    && !link.from().equals(Routes.OPERATOR);
            assertThat(speaks(link)).as(link.toString()).isEqualTo(!cut);
        }
        assertThat(cluster.filter().reaches(machine1, machine0, 5432)).isFalse();
        assertThat(cluster.filter().reaches(machine0, machine1, 5432)).isFalse();
        assertThat(cluster.filter().reaches(machine0, cluster.arbiter("arbiter"), 2379))
                .isFalse();
        assertThat(cluster.filter().reaches(machine1, cluster.machine("machine2"), 5432))
                .isTrue();
        fault.heal();
        assertThat(cluster.filter().reaches(machine1, machine0, 5432)).isTrue();
        assertThat(cluster.filter().reaches(machine0, cluster.arbiter("arbiter"), 2379))
                .isTrue();
        awaitStreaming();
    }

    @Test
    void aBridgeJoinsTwoThatDoNotReachEachOther() throws InterruptedException {
        ActiveFault fault = injector.inject(new PartitionFault.Split(PartitionFault.Shape.BRIDGE));
        assertThat(speaks(new Link("machine0", "machine2", Service.POSTGRES))).isFalse();
        assertThat(speaks(new Link("machine2", "machine0", Service.AGENT))).isFalse();
        assertThat(speaks(new Link("machine0", "machine1", Service.POSTGRES))).isTrue();
        assertThat(speaks(new Link("machine1", "machine2", Service.AGENT))).isTrue();
        fault.heal();
        assertThat(speaks(new Link("machine0", "machine2", Service.POSTGRES))).isTrue();
        assertThatThrownBy(() -> injector.inject(new PartitionFault.Split(PartitionFault.Shape.RING)))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("It takes 4 machines");
    }

    @Test
    void twoPartiesAreCutFromEachOtherInBothDirections() throws InterruptedException {
        ActiveFault fault = injector.inject(new PartitionFault.CutBetween(PRIMARY, Target.standby()));
        assertThat(fault.made().judgedAs()).isEqualTo(FaultClass.LINK_CUT);
        assertThat(speaks(new Link("machine0", "machine1", Service.POSTGRES))).isFalse();
        assertThat(speaks(new Link("machine1", "machine0", Service.POSTGRES))).isFalse();
        assertThat(speaks(new Link("machine0", "arbiter", Service.ARBITER))).isTrue();
        fault.heal();
        awaitStreaming();
    }

    @Test
    void theLinksOfTwoPartiesAreCutAndTheirDirectWayIsLeft() throws InterruptedException {
        ActiveFault fault = injector.inject(new PartitionFault.CutLinks(PRIMARY, Target.standby()));
        assertThat(fault.made().judgedAs()).isEqualTo(FaultClass.LINK_CUT);
        assertThat(fault.made().evidence()).containsKey("silent").doesNotContainKey("direct routes cut");
        assertThat(speaks(new Link("machine0", "machine1", Service.POSTGRES))).isFalse();
        assertThat(speaks(new Link("machine1", "machine0", Service.POSTGRES))).isFalse();
        fault.heal();
        awaitStreaming();
    }

    // ---- arbiters

    @Test
    void oneArbiterOfThreeIsNoMajority() throws InterruptedException {
        Link second = new Link("machine0", "arbiter1", Service.ARBITER);
        ActiveFault one = injector.inject(new ArbiterFault.FreezeArbiters(1));
        assertThat(one.made().judgedAs()).isEqualTo(FaultClass.LINK_CUT);
        assertThat(answers(new Link("machine0", "arbiter", Service.ARBITER))).isFalse();
        assertThat(answers(second)).isTrue();
        one.heal();

        ActiveFault two = injector.inject(new ArbiterFault.KillArbiters(2));
        assertThat(two.made().judgedAs()).isEqualTo(FaultClass.ARBITER_LOSS);
        assertThat(answers(second)).isFalse();
        two.heal();
        assertThat(answers(second)).isTrue();

        ActiveFault slow = injector.inject(new ArbiterFault.SlowArbiters(Duration.ofMillis(60)));
        assertThat(slow.made().evidence()).containsKey("round trip machine1->arbiter2/arbiter");
        slow.heal();
        assertThatThrownBy(() -> injector.inject(new ArbiterFault.KillArbiters(4)))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("There are not 4 arbiters");
    }

    // ---- disks

    @Test
    @Order(Integer.MAX_VALUE)
    void whatLiesOnADiskCanBeFullDamagedAndGone() throws InterruptedException {
        String table = "create table filler as select n, repeat('x', 500) from generate_series(1, 2000) n";
        Clusters.sql(host("machine0"), table);
        Clusters.sql(host("machine0"), "checkpoint");
        ActiveFault full = injector.inject(new DiskFault.FillDisk(PRIMARY));
        assertThat(full.made().judgedAs()).isEqualTo(FaultClass.DISK);
        assertThat(full.made().evidence().get("seen")).endsWith(" 0");
        CommandResult refused = Clusters.trySql(host("machine0"), table.replace("filler", "more"));
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.errors()).containsAnyOf("No space left", "server closed the connection");
        full.heal();

        ActiveFault damaged = injector.inject(new DiskFault.DamagePage(PRIMARY));
        assertThat(damaged.made().evidence().get("seen")).startsWith("base/");
        Clusters.restartPostgres(host("machine0"));
        assertThat(Clusters.trySql(host("machine0"), "select count(*) from filler")
                        .errors())
                .contains("invalid page");

        Clusters.sql(host("machine0"), "select pg_switch_wal()");
        Clusters.sql(host("machine0"), "create table next (n int)");
        ActiveFault gone = injector.inject(new DiskFault.RemoveWal(PRIMARY));
        assertThat(gone.made().evidence().get("seen")).matches("([0-9A-F]{24} ?)+");

        assertThatThrownBy(() -> injector.inject(new DiskFault.RemoveData(MACHINE2)))
                .isInstanceOf(FaultNotMade.class)
                .hasMessageContaining("there is no data directory");

        ActiveFault empty = injector.inject(new DiskFault.RemoveData(Target.standby()));
        assertThat(empty.made().judgedAs()).isEqualTo(FaultClass.STANDBY_LOSS);
        assertThat(host("machine1")
                        .run(Command.of(LIMIT, "test", "-e", Clusters.DATA))
                        .succeeded())
                .isFalse();
    }
}
