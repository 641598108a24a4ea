package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.harness.cluster.PacketFilter.Flow;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HostRequirements.OwnKernel;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.drbd.DrbdConfig;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Fencing;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Peer;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Protocol;
import io.github.pggauntlet.strategy.drbd.DrbdResource;
import io.github.pggauntlet.strategy.drbd.DrbdRules;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Role;
import io.github.pggauntlet.strategy.drbd.DrbdTimeouts;
import io.github.pggauntlet.strategy.drbd.GenerationIds.Relation;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * PostgreSQL on a disk that DRBD, the kernel's own, keeps alike on two machines: it survives that one loses its power, and what
 * happens without fencing when only the link is lost is seen and mended. One story in two chapters, on one pair of machines.
 */
@Tag("drbd")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DrbdIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofMinutes(1);
    private static final int DISK_MEGABYTES = 160;
    private static final String DISK = "/var/lib/gauntlet/disk";
    private static final String DATA = DISK + "/data";
    private static final String SALVAGE = "/var/lib/gauntlet/salvage/split-brain.img";

    /** With every file of it on disk: what initdb does not flush is gone when the machine loses its power. */
    private static final String MAKE_SERVER = """
            set -e
            mkfs.ext4 -q -E lazy_itable_init=1,lazy_journal_init=1 "$1"
            mkdir -p "$2"
            mount "$1" "$2"
            chown postgres: "$2"
            runuser -u postgres -- initdb -D "$3" -A trust --no-instructions --wal-segsize=1
            printf 'shared_buffers = 16MB\\nmax_wal_size = 16MB\\nmin_wal_size = 2MB\\n' >>"$3/postgresql.conf"
            sync
            """;

    private static final String START = """
            set -e
            mkdir -p "$2"
            mountpoint -q "$2" || mount "$1" "$2"
            rm -f "$3/postmaster.pid"
            runuser -u postgres -- pg_ctl -D "$3" -w -t 100 -l "$3/server.log" start || { tail -n 5 "$3/server.log" >&2; exit 1; }
            """;

    private static final String STOP = """
            set -e
            runuser -u postgres -- pg_ctl -D "$2" -w -t 100 -m fast stop
            umount "$1"
            """;

    /** Each statement is a transaction of its own; what is printed has been acknowledged. */
    private static final String WRITE = """
            i=$1
            while [ "$i" -lt "$2" ]; do
              echo "INSERT INTO ledger VALUES ($i) RETURNING id;"
              i=$((i + 1))
            done | runuser -u postgres -- psql -qAtX
            """;

    private Engine engine;
    private TestCluster cluster;
    private DrbdResource first;
    private DrbdResource second;

    @BeforeAll
    void start() throws InterruptedException {
        Images images = Images.find();
        engine = Engine.connect(images);
        cluster = TestCluster.start(
                engine,
                images,
                new Topology(
                                List.of("machine0", "machine1"),
                                0,
                                Clusters.POSTGRES,
                                List.of(),
                                List.of(),
                                java.util.OptionalLong.empty())
                        .withKernel(new OwnKernel(384, DISK_MEGABYTES)));
        first = resource("machine0", "machine1");
        second = resource("machine1", "machine0");
        first.create();
        second.create();
        first.up();
        second.up();
        first.await("the connection", SETTLE, status -> status.connection() == Connection.CONNECTED);
        first.declareAlike();
        first.await("both disks to be good", SETTLE, DrbdRules::whole);
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

    private Host host(String machine) {
        return cluster.machine(machine).host();
    }

    private DrbdResource resource(String here, String there) throws InterruptedException {
        Endpoint peer = cluster.routes().route(here, there, Service.DISK);
        return new DrbdResource(
                host(here),
                new DrbdConfig(
                        "pgdata",
                        0,
                        OwnKernel.BARE_DISK,
                        Protocol.C,
                        Fencing.DONT_CARE,
                        Optional.empty(),
                        SplitBrainPolicies.keepAll(),
                        DrbdTimeouts.quick(),
                        new Peer(here, ip(here, here), Links.port(Service.DISK)),
                        // DRBD knows addresses only.
                        new Peer(there, ip(here, peer.host()), peer.port())));
    }

    private String ip(String asked, String name) throws InterruptedException {
        String said = host(asked)
                .run(Command.of(LIMIT, "getent", "ahostsv4", name))
                .orFail()
                .output();
        return said.split("\\s+", 2)[0];
    }

    @Test
    @Order(1)
    void nothingAcknowledgedIsLostWithTheMachineThatWroteIt() throws InterruptedException {
        first.promote(PeerKnowledge.UNKNOWN);
        shell("machine0", MAKE_SERVER, "/dev/drbd0", DISK, DATA);
        startServer("machine0");
        sql("machine0", "CREATE TABLE ledger (id int PRIMARY KEY)");
        Set<Integer> acknowledged = write("machine0", 0, 100);

        assertThatThrownBy(() -> second.promote(PeerKnowledge.UNKNOWN))
                .isInstanceOf(HaException.class)
                .hasMessageContaining("the other machine is primary");
        cluster.machine("machine0").kill();
        // The engine says that it is dead; that is proof enough.
        second.promote(PeerKnowledge.FENCED);
        startServer("machine1");

        assertThat(rows("machine1")).containsAll(acknowledged);
        assertThat(write("machine1", 100, 120)).hasSize(20);

        cluster.machine("machine0").start();
        first.up();
        assertThat(first.await("the disks to be alike", SETTLE, DrbdRules::whole)
                        .role())
                .isEqualTo(Role.SECONDARY);
        assertThat(second.verify(SETTLE)).as("kilobytes that differ").isZero();
        assertThat(first.generations().relatedTo(second.generations())).isEqualTo(Relation.SAME);
    }

    @Test
    @Order(2)
    void withoutFencingACutLinkSplitsTheBrainAndThatIsSeenAndMended() throws InterruptedException {
        cluster.links().cut(cluster.filter(), "cut", Links.ofDisks(cluster.members()), Flow.BOTH);
        for (DrbdResource each : List.of(first, second)) {
            each.await(
                    "the link to be missed",
                    SETTLE,
                    status -> !status.connection().hearsPeer());
        }
        Set<Integer> kept = write("machine1", 200, 210);
        first.promote(PeerKnowledge.UNKNOWN);
        startServer("machine0");
        Set<Integer> doomed = write("machine0", 300, 310);
        assertThat(second.status().role()).isEqualTo(Role.PRIMARY);
        assertThat(first.status().role()).as("two Primaries, each on its own").isEqualTo(Role.PRIMARY);
        shell("machine0", STOP, DISK, DATA);
        first.demote();

        cluster.links().join(cluster.filter(), "cut");

        // One of the two sees it and gives the other one up, which may go on waiting for it.
        await("the split brain to be seen")
                .atMost(SETTLE)
                .until(
                        () -> List.of(
                                first.status().connection(), second.status().connection()),
                        seen -> seen.contains(Connection.STAND_ALONE));
        assertThat(first.generations().relatedTo(second.generations())).isEqualTo(Relation.SPLIT_BRAIN);

        assertThatThrownBy(() -> second.giveUp(SALVAGE)).hasMessageContaining("is Primary");
        first.giveUp(SALVAGE);
        second.connect();

        second.await("the disks to be alike", SETTLE, DrbdRules::whole);
        assertThat(rows("machine1")).containsAll(kept).doesNotContainAnyElementsOf(doomed);
        host("machine0").run(Command.of(LIMIT, "test", "-s", SALVAGE)).orFail();
    }

    private String shell(String machine, String script, String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 4];
        System.arraycopy(new String[] {"sh", "-c", script, "shell"}, 0, command, 0, 4);
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        return host(machine).run(Command.of(LIMIT, command)).orFail().output();
    }

    private void startServer(String machine) throws InterruptedException {
        shell(machine, START, "/dev/drbd0", DISK, DATA);
    }

    private String sql(String machine, String statement) throws InterruptedException {
        return host(machine)
                .run(Command.of(LIMIT, "runuser", "-u", "postgres", "--", "psql", "-AtX", "-c", statement))
                .orFail()
                .output();
    }

    private Set<Integer> write(String machine, int from, int to) throws InterruptedException {
        Set<Integer> acknowledged = numbers(shell(machine, WRITE, Integer.toString(from), Integer.toString(to)));
        assertThat(acknowledged).isEqualTo(IntStream.range(from, to).boxed().collect(Collectors.toSet()));
        return acknowledged;
    }

    private Set<Integer> rows(String machine) throws InterruptedException {
        return numbers(sql(machine, "SELECT id FROM ledger"));
    }

    private static Set<Integer> numbers(String output) {
        return output.lines().map(Integer::valueOf).collect(Collectors.toSet());
    }
}
