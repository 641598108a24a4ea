package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestClusterIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration QUICK = Duration.ofMillis(150);

    @TempDir
    Path directory;

    private final String content = "content " + UUID.randomUUID();
    private Images images;
    private Engine engine;
    private Topology topology;
    private TestCluster cluster;

    @BeforeAll
    void start(@TempDir Path sources) throws Exception {
        Path source = Files.writeString(sources.resolve("provided"), content);
        String digest = UUID.randomUUID().toString().substring(0, 8);
        images = Images.find();
        engine = Engine.connect(images);
        topology = new Topology(
                List.of("machine0", "machine1"),
                1,
                Clusters.POSTGRES,
                List.of(
                        new ProvidedFile(source, "/opt/gauntlet/lib/one-" + digest),
                        new ProvidedFile(source, "/opt/gauntlet/deep/er/two-" + digest)),
                List.of(),
                OptionalLong.empty());
        cluster = TestCluster.start(engine, images, topology);
        Clusters.initdb(machine0());
        Clusters.startPostgres(machine0());
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
            // Kept from run to run where the content is a build's; here it is never the same twice.
            String volume = ProvidedFiles.of(topology.files(), List.of(), "")
                    .orElseThrow()
                    .volume();
            engine.docker().removeVolumeCmd(volume).exec();
            engine.docker().removeVolumeCmd(volume + "-filled").exec();
        }
        if (engine != null) {
            engine.close();
        }
    }

    private Host machine0() {
        return cluster.machine("machine0").host();
    }

    private Host machine1() {
        return cluster.machine("machine1").host();
    }

    private static CommandResult run(Host host, String... command) throws InterruptedException {
        return host.run(Command.of(LIMIT, command));
    }

    private Duration roundTrip(String from, String to) throws InterruptedException {
        Link link = new Link(from, to, Service.POSTGRES);
        return cluster.links()
                .roundTrip(link, LIMIT)
                .orElseThrow(() -> new AssertionError("no answer through " + link));
    }

    private CommandResult askPostgres(Host from, String to) throws InterruptedException {
        Endpoint endpoint = cluster.routes().route(from.name(), to, Service.POSTGRES);
        return run(from, "pg_isready", "-t", "5", "-h", endpoint.host(), "-p", Integer.toString(endpoint.port()));
    }

    @Test
    void everyPartyReachesPostgresAndTheArbiterThroughItsOwnLink() throws InterruptedException {
        assertThat(roundTrip(Routes.CLIENTS, "machine0")).isPositive();
        assertThat(roundTrip(Routes.OPERATOR, "machine0")).isPositive();
        assertThat(askPostgres(machine1(), "machine0").succeeded()).isTrue();
        assertThat(askPostgres(machine0(), "machine1").succeeded())
                .as("nothing runs there")
                .isFalse();
        for (String from : List.of("machine0", "machine1", Routes.OPERATOR)) {
            assertThat(cluster.links().roundTrip(new Link(from, Routes.ARBITER, Service.ARBITER), LIMIT))
                    .as("arbiter from %s", from)
                    .isPresent();
        }
    }

    @Test
    void aSlowLinkIsSlowAloneAndQuickAgainOnceHealed() throws InterruptedException {
        Link slowed = new Link("machine1", "machine0", Service.POSTGRES);
        cluster.links().slow(slowed, "test", QUICK);
        try {
            assertThat(cluster.links().isTroubled(slowed, "test")).isTrue();
            assertThat(roundTrip("machine1", "machine0")).isGreaterThanOrEqualTo(QUICK.multipliedBy(2));
            for (Link other : cluster.links().all()) {
                if (!other.equals(slowed)) {
                    assertThat(cluster.links().troubles(other)).as("%s", other).isEmpty();
                }
            }
            assertThat(roundTrip(Routes.CLIENTS, "machine0")).isLessThan(QUICK);
        } finally {
            cluster.links().heal(slowed, "test");
        }
        assertThat(cluster.links().troubles(slowed)).isEmpty();
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> roundTrip("machine1", "machine0").compareTo(QUICK) < 0);
    }

    @Test
    void aKilledMachineComesBackWithItsDiskAndIsReachedOverTheSameLinks() throws InterruptedException {
        Machine machine = cluster.machine("machine0");
        run(machine0(), "sh", "-c", "echo kept >/var/lib/gauntlet/kept; echo lost >/run/lost")
                .orFail();

        assertThat(machine.kill().running()).isFalse();
        assertThatThrownBy(() -> run(machine0(), "true"))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("machine0")
                .hasMessageContaining("does not run");
        assertThat(cluster.links().roundTrip(new Link(Routes.CLIENTS, "machine0", Service.POSTGRES), LIMIT))
                .isEmpty();

        assertThat(machine.start().running()).isTrue();
        assertThat(machine0().get("/var/lib/gauntlet/kept"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("kept\n");
        assertThat(run(machine0(), "test", "-e", "/run/lost").succeeded()).isFalse();
        Clusters.startPostgres(machine0());
        assertThat(roundTrip(Routes.CLIENTS, "machine0")).isPositive();
    }

    @Test
    void aStoppedMachineWasShutDownInOrder() throws InterruptedException {
        Machine machine = cluster.machine("machine1");

        Machine.State state = machine.stop(Duration.ofSeconds(20));

        assertThat(state.running()).isFalse();
        assertThat(state.exitStatus()).isZero();
        assertThat(machine.start().running()).isTrue();
    }

    @Test
    void aFrozenMachineIsSaidToBeFrozen() throws InterruptedException {
        Machine machine = cluster.machine("machine1");
        assertThat(machine.pause().paused()).isTrue();
        try {
            assertThatThrownBy(() -> run(machine1(), "true"))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining("paused");
        } finally {
            assertThat(machine.unpause().paused()).isFalse();
        }
        assertThat(run(machine1(), "true").succeeded()).isTrue();
    }

    @Test
    void argumentsAndEnvironmentReachACommandAsTheyAre() throws InterruptedException {
        CommandResult result = machine1()
                .run(Command.of(
                                LIMIT,
                                "sh",
                                "-c",
                                "printf '%s|' \"$@\" \"$SECRET\"; echo warned >&2; exit 7",
                                "sh",
                                "a b",
                                "$(reboot)",
                                "'\"",
                                "")
                        .with("SECRET", "two\nlines"));

        assertThat(result.output()).isEqualTo("a b|$(reboot)|'\"||two\nlines|");
        assertThat(result.errors()).isEqualTo("warned\n");
        assertThat(result.status()).isEqualTo(7);
    }

    @Test
    void aCommandThatTakesTooLongIsKilledWithItsChildren() throws InterruptedException {
        String mark = "86" + (System.nanoTime() % 100_000);

        assertThatThrownBy(() -> machine1()
                        .run(Command.of(Duration.ofMillis(300), "sh", "-c", "sleep " + mark + " & sleep " + mark)))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("did not end within 0.3 s");
        assertThat(run(machine1(), "pgrep", "-x", "-f", "sleep " + mark).output())
                .isEmpty();
    }

    @Test
    void anInterruptedCommandIsKilled() throws InterruptedException {
        String mark = "86" + (System.nanoTime() % 100_000);
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(1);
        Thread runner = new Thread(() -> {
            try {
                run(machine1(), "sleep", mark);
            } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
            } finally {
                ended.countDown();
            }
        });
        runner.start();
        Awaitility.await()
                .atMost(LIMIT)
                .until(() ->
                        run(machine1(), "pgrep", "-x", "-f", "sleep " + mark).succeeded());

        runner.interrupt();

        assertThat(ended.await(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        assertThat(run(machine1(), "pgrep", "-x", "-f", "sleep " + mark).output())
                .isEmpty();
    }

    @Test
    void aFileIsPutWithOwnerAndModeAndReplacedWhole() throws InterruptedException {
        byte[] bytes = {0, 1, 2, (byte) 0xff, '\n', 0};
        for (String path : List.of("/var/lib/gauntlet/put file", "/run/put", "/put")) {
            machine1().put(path, "before".getBytes(StandardCharsets.UTF_8), "root", 0644);
            machine1().put(path, bytes, "postgres", 0640);

            assertThat(machine1().get(path)).isEqualTo(bytes);
            assertThat(run(machine1(), "stat", "-c", "%U:%G %a", path).output()).isEqualTo("postgres:postgres 640\n");
        }
        assertThat(run(machine1(), "sh", "-c", "ls -a / /var/lib/gauntlet /run").output())
                .doesNotContain(".tmp")
                .doesNotContain(".gauntlet-");
    }

    @Test
    void aFileThatCannotBePutOrReadIsSaidByName() {
        assertThatThrownBy(() -> machine1().put("/no/such/directory/file", new byte[1], "root", 0600))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("/no/such/directory/file");
        assertThatThrownBy(() -> machine1().put("/tmp/file", new byte[1], "nobody-of-that-name", 0600))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("nobody-of-that-name");
        assertThatThrownBy(() -> machine1().get("/no/such/file"))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("/no/such/file");
    }

    @Test
    void providedFilesLieOnEachMachineAndTheirVolumeIsFilledOnce() throws InterruptedException {
        for (Host host : cluster.hosts()) {
            for (ProvidedFile file : topology.files()) {
                assertThat(host.get(file.target()))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo(content);
                assertThat(run(host, "sh", "-c", "echo x >>\"$1\"", "sh", file.target())
                                .succeeded())
                        .as("may be written")
                        .isFalse();
            }
        }
        assertThat(ProvidedFiles.of(topology.files(), List.of(), "")
                        .orElseThrow()
                        .provide(engine, new Ownership("again", engine.owner()), images.node(Clusters.POSTGRES)))
                .as("filled a second time")
                .isFalse();
    }

    @Test
    void logsOfEveryContainerAreCollectedAlsoOfAMachineThatIsDown() throws InterruptedException {
        cluster.machine("machine0").kill();
        try {
            cluster.collectLogs(directory);
        } finally {
            cluster.machine("machine0").start();
            Clusters.startPostgres(machine0());
        }

        assertThat(directory.resolve("machine0/gauntlet/data/log/postgres.log"))
                .content()
                .contains("ready to accept connections");
        assertThat(directory.resolve("arbiter.log")).isNotEmptyFile();
        assertThat(directory.resolve("toxiproxy.log")).isNotEmptyFile();
        assertThat(directory.resolve("machine1.log")).exists();
        assertThat(directory.resolve("missing.txt")).doesNotExist();
    }

    @Test
    void anImageThatTheEngineDoesNotHaveIsOneSentenceAndLeavesNothing() throws InterruptedException {
        Images missing = new Images(
                Path.of("images.properties"),
                Map.of("node.17", "gauntlet/no-such-image:x", "etcd", images.etcd(), "toxiproxy", images.toxiproxy()));

        assertThatThrownBy(() -> TestCluster.start(engine, missing, Topology.of(1, 17)))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("gauntlet/no-such-image:x")
                .hasMessageContaining("run docker/prepare --postgres 17");
        assertThat(Leftovers.of(engine, run -> !run.equals(cluster.run()))).isEmpty();
    }

    @Test
    void everythingIsGoneAfterTheEnd() throws InterruptedException {
        TestCluster another = TestCluster.start(engine, images, Topology.of(1, Clusters.POSTGRES));
        assertThat(Leftovers.of(engine, another.run()::equals)).isNotEmpty();

        another.close();

        assertThat(Leftovers.of(engine, another.run()::equals)).isEmpty();
    }

    @Test
    void whereContainersHaveNoReachableAddressTheLinksGoThroughPublishedPorts() throws InterruptedException {
        try (TestCluster published =
                TestCluster.start(engine.withPublishedPorts(), images, Topology.of(2, Clusters.POSTGRES))) {
            Endpoint clients = published.routes().route(Routes.CLIENTS, "machine0", Service.POSTGRES);
            assertThat(clients.host()).isEqualTo("localhost");
            assertThat(published
                            .routes()
                            .route("machine1", "machine0", Service.POSTGRES)
                            .host())
                    .isEqualTo("toxiproxy");
            assertThat(published.links().roundTrip(new Link("machine0", Routes.ARBITER, Service.ARBITER), LIMIT))
                    .isPresent();
        }
    }

    @Test
    void anInterruptedStartLeavesNothing() throws InterruptedException {
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread starter = new Thread(() -> {
            try {
                TestCluster.start(engine, images, Topology.of(2, Clusters.POSTGRES))
                        .close();
            } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
            }
        });
        starter.start();
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        !Leftovers.of(engine, run -> !run.equals(cluster.run())).isEmpty());

        starter.interrupt();
        starter.join(LIMIT.toMillis());

        assertThat(starter.isAlive()).isFalse();
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        assertThat(Leftovers.of(engine, run -> !run.equals(cluster.run()))).isEmpty();
    }
}
