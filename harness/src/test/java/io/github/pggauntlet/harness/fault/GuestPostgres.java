package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.cluster.Clusters;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.cluster.Topology;
import io.github.pggauntlet.strategy.HostRequirements.OwnKernel;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** One machine with a kernel of its own, a PostgreSQL on it that nobody looks after, and somebody who breaks both. */
final class GuestPostgres implements AutoCloseable {

    private static final String DATA = "/var/lib/gauntlet/data";

    /** Where there is no hardware acceleration a guest is many times slower than its engine. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String MACHINE = "machine0";
    private static final String PRISTINE = "/var/lib/gauntlet/pristine";

    /** A server whose first checkpoint is on disk, whatever it may think of flushing. */
    private static final String PREPARE = """
            set -e
            if [ -e "$2/postmaster.pid" ]; then pg_ctl -D "$2" -w -t 100 -m immediate stop; fi
            rm -rf "$2"
            cp -a "$1" "$2"
            printf 'fsync = %s\\nshared_buffers = 16MB\\n' "$3" >>"$2/postgresql.conf"
            pg_ctl -D "$2" -w -t 100 -l "$2/server.log" start
            psql -qX -c 'CREATE TABLE ledger (id int PRIMARY KEY)' -c CHECKPOINT
            sync
            """;

    /** Each statement is a transaction of its own; what is printed has been acknowledged. */
    private static final String WRITE = """
            i=$1
            while [ "$i" -lt "$2" ]; do
              echo "INSERT INTO ledger VALUES ($i) RETURNING id;"
              i=$((i + 1))
            done | psql -qAtX
            """;

    private final Engine engine;
    private final TestCluster cluster;
    private final Injector injector;

    private GuestPostgres(Engine engine, TestCluster cluster) {
        this.engine = engine;
        this.cluster = cluster;
        this.injector = new Injector(cluster, () -> List.of(primary()));
    }

    static GuestPostgres start() throws InterruptedException {
        Images images = Images.find();
        Engine engine = Engine.connect(images);
        Topology topology = new Topology(
                        List.of(MACHINE), 0, Clusters.POSTGRES, List.of(), List.of(), OptionalLong.empty())
                .withKernel(new OwnKernel(512, 0));
        GuestPostgres started = new GuestPostgres(engine, TestCluster.start(engine, images, topology));
        started.asPostgres("initdb", "-D", PRISTINE, "-A", "trust", "--no-sync", "--no-instructions")
                .orFail();
        return started;
    }

    private static NodeStatus primary() {
        return new NodeStatus(
                MACHINE,
                Instant.now(),
                NodeRole.PRIMARY,
                true,
                OptionalInt.empty(),
                Optional.empty(),
                false,
                OptionalLong.empty(),
                Set.of(),
                false,
                "");
    }

    Machine machine() {
        return cluster.machine(MACHINE);
    }

    ActiveFault inject(Fault fault) throws InterruptedException {
        return injector.inject(fault);
    }

    /** What a command prints that root runs on the machine. */
    String tell(String... command) throws InterruptedException {
        return machine()
                .host()
                .run(Command.of(LIMIT, command))
                .orFail()
                .output()
                .strip();
    }

    private CommandResult asPostgres(String... command) throws InterruptedException {
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"runuser", "-u", "postgres", "--"}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        return machine().host().run(Command.of(LIMIT, whole));
    }

    /** Begins anew: an empty ledger, flushed as the setting {@code fsync} says. */
    void begin(String fsync) throws InterruptedException {
        asPostgres("sh", "-c", PREPARE, "prepare", PRISTINE, DATA, fsync).orFail();
    }

    /** Starts a server that is down; whether it runs then. */
    boolean startServer() throws InterruptedException {
        return asPostgres("pg_ctl", "-D", DATA, "-w", "-t", "100", "start").succeeded();
    }

    /** Writes rows with the numbers from one to before another, one a transaction; returns which were acknowledged. */
    Set<Integer> write(int from, int to) throws InterruptedException {
        return numbers(asPostgres("sh", "-c", WRITE, "write", Integer.toString(from), Integer.toString(to))
                .output());
    }

    /** The same, when all must go well. */
    Set<Integer> writeAll(int from, int to) throws InterruptedException {
        Set<Integer> acknowledged = write(from, to);
        assertThat(acknowledged).as("all writes are acknowledged").hasSize(to - from);
        return acknowledged;
    }

    /** The rows that are there; none if nobody answers. */
    Set<Integer> rows() throws InterruptedException {
        CommandResult told = asPostgres("psql", "-AtX", "-c", "SELECT id FROM ledger");
        return told.succeeded() ? numbers(told.output()) : Set.of();
    }

    private static Set<Integer> numbers(String output) {
        return output.lines().map(Integer::valueOf).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        cluster.close();
        engine.close();
    }
}
