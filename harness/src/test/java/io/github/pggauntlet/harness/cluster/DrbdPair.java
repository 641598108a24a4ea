package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.cluster.PacketFilter.Flow;
import io.github.pggauntlet.strategy.Endpoint;
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
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Two machines with kernels of their own and a disk that DRBD keeps alike on them, and a PostgreSQL on it that nobody looks
 * after.
 */
final class DrbdPair implements AutoCloseable {

    static final String FIRST = "machine0";
    static final String SECOND = "machine1";

    static final Duration LIMIT = Duration.ofMinutes(2);
    static final Duration SETTLE = Duration.ofMinutes(1);
    static final int DISK_MEGABYTES = 160;

    private static final String DISK = "/var/lib/gauntlet/disk";
    private static final String DATA = DISK + "/data";

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

    /** Whatever runs there ends, and nothing of it is kept from anybody. */
    private static final String QUIET = """
            if mountpoint -q "$1"; then
              if [ -e "$2/postmaster.pid" ]; then runuser -u postgres -- pg_ctl -D "$2" -w -t 60 -m immediate stop || true; fi
              umount "$1"
            fi
            """;

    /** Each statement is a transaction of its own; what is printed has been acknowledged. */
    private static final String WRITE = """
            i=$1
            while [ "$i" -lt "$2" ]; do
              echo "INSERT INTO ledger VALUES ($i) RETURNING id;"
              i=$((i + 1))
            done | runuser -u postgres -- psql -qAtX
            """;

    private final Engine engine;
    private final TestCluster cluster;

    private boolean cut;

    private DrbdPair(Engine engine, TestCluster cluster) {
        this.engine = engine;
        this.cluster = cluster;
    }

    /** Starts both, with disks that are alike and connected, and nobody primary. */
    static DrbdPair start() throws InterruptedException {
        Images images = Images.find();
        Engine engine = Engine.connect(images);
        DrbdPair pair = new DrbdPair(
                engine,
                TestCluster.start(
                        engine,
                        images,
                        new Topology(
                                        List.of(FIRST, SECOND),
                                        0,
                                        Clusters.POSTGRES,
                                        List.of(),
                                        List.of(),
                                        OptionalLong.empty())
                                .withKernel(new OwnKernel(384, DISK_MEGABYTES))));
        try {
            pair.connect();
        } catch (InterruptedException | RuntimeException e) {
            pair.close();
            throw e;
        }
        return pair;
    }

    private void connect() throws InterruptedException {
        DrbdResource first = resource(FIRST);
        DrbdResource second = resource(SECOND);
        first.create();
        second.create();
        first.up();
        second.up();
        first.await("the connection", SETTLE, status -> status.connection() == Connection.CONNECTED);
        first.declareAlike();
        first.await("both disks to be good", SETTLE, DrbdRules::whole);
    }

    @Override
    public void close() {
        cluster.close();
        engine.close();
    }

    Machine machine(String name) {
        return cluster.machine(name);
    }

    Host host(String machine) {
        return machine(machine).host();
    }

    static String other(String machine) {
        return machine.equals(FIRST) ? SECOND : FIRST;
    }

    /** The disk as it is set up without fencing, and with policies that throw nothing away. */
    DrbdResource resource(String machine) throws InterruptedException {
        return resource(machine, Fencing.DONT_CARE, Optional.empty(), SplitBrainPolicies.keepAll());
    }

    DrbdResource resource(String machine, Fencing fencing, Optional<String> fencePeer, SplitBrainPolicies policies)
            throws InterruptedException {
        String there = other(machine);
        Endpoint peer = cluster.routes().route(machine, there, Service.DISK);
        return new DrbdResource(
                host(machine),
                new DrbdConfig(
                        "pgdata",
                        0,
                        OwnKernel.BARE_DISK,
                        Protocol.C,
                        fencing,
                        fencePeer,
                        policies,
                        DrbdTimeouts.quick(),
                        new Peer(machine, ip(machine, machine), Links.port(Service.DISK)),
                        // DRBD knows addresses only.
                        new Peer(there, ip(machine, peer.host()), peer.port())));
    }

    private String ip(String asked, String name) throws InterruptedException {
        String said = host(asked)
                .run(Command.of(LIMIT, "getent", "ahostsv4", name))
                .orFail()
                .output();
        return said.split("\\s+", 2)[0];
    }

    /** Cuts the disks' link, and waits until both have missed each other. */
    void cut() throws InterruptedException {
        cut = true;
        cluster.links().cut(cluster.filter(), "cut", Links.ofDisks(cluster.members()), Flow.BOTH);
        for (String each : List.of(FIRST, SECOND)) {
            resource(each)
                    .await(
                            "the link to be missed",
                            SETTLE,
                            status -> !status.connection().hearsPeer());
        }
    }

    void join() throws InterruptedException {
        if (cut) {
            cluster.links().join(cluster.filter(), "cut");
            cut = false;
        }
    }

    /** Makes a machine primary, and on its disk a file system and a server with an empty ledger. */
    void makeServer(String machine) throws InterruptedException {
        resource(machine).promote(PeerKnowledge.UNKNOWN);
        shell(machine, MAKE_SERVER, "/dev/drbd0", DISK, DATA);
        startServer(machine);
        sql(machine, "CREATE TABLE ledger (id int PRIMARY KEY)");
    }

    void startServer(String machine) throws InterruptedException {
        shell(machine, START, "/dev/drbd0", DISK, DATA);
    }

    void stopServer(String machine) throws InterruptedException {
        shell(machine, STOP, DISK, DATA);
    }

    /** Makes both secondary, whatever state a test that failed has left them in, and the link whole. */
    void calm() throws InterruptedException {
        join();
        for (String each : List.of(FIRST, SECOND)) {
            if (!machine(each).state().running()) {
                machine(each).start();
                resource(each).up();
            }
            DrbdResource resource = resource(each);
            if (resource.status().suspended()) {
                resource.resume();
            }
            shell(each, QUIET, DISK, DATA);
            if (resource.status().role() == Role.PRIMARY) {
                resource.demote();
            }
        }
    }

    Set<Integer> write(String machine, int from, int to) throws InterruptedException {
        Set<Integer> acknowledged = numbers(shell(machine, WRITE, Integer.toString(from), Integer.toString(to)));
        assertThat(acknowledged).isEqualTo(IntStream.range(from, to).boxed().collect(Collectors.toSet()));
        return acknowledged;
    }

    Set<Integer> rows(String machine) throws InterruptedException {
        return numbers(sql(machine, "SELECT id FROM ledger"));
    }

    private String sql(String machine, String statement) throws InterruptedException {
        return host(machine)
                .run(Command.of(LIMIT, "runuser", "-u", "postgres", "--", "psql", "-AtX", "-c", statement))
                .orFail()
                .output();
    }

    String shell(String machine, String script, String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 4];
        System.arraycopy(new String[] {"sh", "-c", script, "shell"}, 0, command, 0, 4);
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        return host(machine).run(Command.of(LIMIT, command)).orFail().output();
    }

    private static Set<Integer> numbers(String output) {
        return output.lines().map(Integer::valueOf).collect(Collectors.toSet());
    }
}
