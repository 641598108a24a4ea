package io.github.pggauntlet.harness.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.cluster.Clusters;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.cluster.Topology;
import io.github.pggauntlet.strategy.HostRequirements.OwnKernel;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A machine that loses its power loses what PostgreSQL had not flushed, and nothing else. The pair of tests is the proof that
 * the fault is real: with {@code fsync = off} acknowledged writes are lost, with {@code fsync = on} none is.
 */
@Tag("campaign")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PowerLossIT {

    private static final int WRITES = 200;

    /** Where there is no hardware acceleration a guest is many times slower than its engine. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String MACHINE = "machine0";
    private static final String PRISTINE = "/var/lib/gauntlet/pristine";
    private static final String DATA = "/var/lib/gauntlet/data";

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
            i=0
            while [ "$i" -lt "$1" ]; do
              echo "INSERT INTO ledger VALUES ($i) RETURNING id;"
              i=$((i + 1))
            done | psql -qAtX
            """;

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
                new Topology(List.of(MACHINE), 0, Clusters.POSTGRES, List.of(), List.of(), OptionalLong.empty())
                        .withKernel(new OwnKernel(512, 0)));
        injector = new Injector(cluster, () -> List.of(primary()));
        asPostgres("initdb", "-D", PRISTINE, "-A", "trust", "--no-sync", "--no-instructions")
                .orFail();
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

    private CommandResult asPostgres(String... command) throws InterruptedException {
        Host machine = cluster.machine(MACHINE).host();
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"runuser", "-u", "postgres", "--"}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        return machine.run(Command.of(LIMIT, whole));
    }

    @Test
    void whatPostgresHadFlushedSurvives() throws InterruptedException {
        Set<Integer> acknowledged = writeWith("on");

        losePowerAndComeBack();

        asPostgres("pg_ctl", "-D", DATA, "-w", "-t", "100", "start").orFail();
        assertThat(survivors().orFail().output().lines().map(Integer::valueOf)).containsAll(acknowledged);
    }

    @Test
    void whatPostgresOnlyHadWrittenIsLost() throws InterruptedException {
        Set<Integer> acknowledged = writeWith("off");

        losePowerAndComeBack();

        // It may also not start at all any more: then everything is lost.
        asPostgres("pg_ctl", "-D", DATA, "-w", "-t", "100", "start");
        CommandResult left = survivors();
        Set<Integer> found = left.succeeded() ? numbers(left.output()) : Set.of();
        assertThat(acknowledged)
                .as("acknowledged writes that are still there: " + found)
                .anyMatch(id -> !found.contains(id));
    }

    private Set<Integer> writeWith(String fsync) throws InterruptedException {
        asPostgres("sh", "-c", PREPARE, "prepare", PRISTINE, DATA, fsync).orFail();
        Set<Integer> acknowledged = numbers(asPostgres("sh", "-c", WRITE, "write", Integer.toString(WRITES))
                .orFail()
                .output());
        assertThat(acknowledged).as("all writes are acknowledged").hasSize(WRITES);
        return acknowledged;
    }

    private void losePowerAndComeBack() throws InterruptedException {
        ActiveFault fault = injector.inject(new HostFault.PowerLoss(Target.primary()));
        assertThat(cluster.machine(MACHINE).state().running()).isFalse();
        assertThat(fault.made().evidence()).containsKey("not yet written, and being written, just before");
        fault.heal();
        assertThat(cluster.machine(MACHINE).state().running()).isTrue();
    }

    private CommandResult survivors() throws InterruptedException {
        return asPostgres("psql", "-AtX", "-c", "SELECT id FROM ledger");
    }

    private static Set<Integer> numbers(String output) {
        return output.lines().map(Integer::valueOf).collect(Collectors.toSet());
    }
}
