package io.github.pggauntlet.harness.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.ssh.SshHost;
import io.github.pggauntlet.strategy.streaming.StreamingStrategy;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster as everybody around it meets it: installed over SSH, watched over HTTP, reached through HAProxy and by pgjdbc
 * directly, with somebody who looks for its secrets.
 *
 * <p>It is long because all of them meet the same cluster: each further one would take its time to be built.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SurroundingsIT {

    private static final Logger LOG = LoggerFactory.getLogger(SurroundingsIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final List<String> MEMBERS = List.of("machine0", "machine1");

    /** Nothing here is about how soon a lease ends, and a computer that stands still for some seconds must not end one. */
    private static final Timings UNHURRIED = new Timings(
            Duration.ofSeconds(12),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2));

    private static final String BALANCER = "machine2";
    private static final int MEGABYTES_OF_AN_AGENT = 110;

    private final List<SshHost> hosts = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CALL).build();
    private Engine engine;
    private TestCluster machines;
    private HaCluster cluster;
    private Credentials credentials;

    @BeforeAll
    void install(@TempDir Path keys) throws InterruptedException, IOException {
        Images images = Images.find().withEdge(Clusters.POSTGRES);
        engine = Engine.connect(images);
        machines = TestCluster.start(engine, images, Topology.of(3, Clusters.POSTGRES));
        credentials = Credentials.random();
        ClusterSpec spec =
                new ClusterSpec("shop", MEMBERS, Durability.SYNC, machines.routes(), UNHURRIED, credentials, Map.of());
        for (String member : MEMBERS) {
            hosts.add(new SshHost(Sshd.start(engine, machines.machine(member).container(), keys)));
        }
        cluster = new StreamingStrategy().install(spec, List.<Host>copyOf(hosts));
        // The build names the images by their path below the project's root.
        Path root = Path.of(System.getProperty("gauntlet.images"))
                .toAbsolutePath()
                .normalize()
                .getParent()
                .getParent()
                .getParent();
        Path documentation = root.resolve("strategies/docs/clients.md");
        Host balancer = machines.machine(BALANCER).host();
        balancer.put("/etc/haproxy/haproxy.cfg", haproxy(Files.readString(documentation)), "root", 0644);
        balancer.run(Command.of(CALL, "haproxy", "-D", "-f", "/etc/haproxy/haproxy.cfg"))
                .orFail();
    }

    /** The configuration as it stands in the documentation. */
    private static byte[] haproxy(String documentation) {
        Matcher block = Pattern.compile("```haproxy\n(.*?)```", Pattern.DOTALL).matcher(documentation);
        assertThat(block.find()).isTrue();
        return block.group(1).getBytes(UTF_8);
    }

    @AfterAll
    void stop() {
        hosts.forEach(SshHost::close);
        if (machines != null) {
            machines.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    /** Nobody but the installer has been here: what makes agents small, and quick to start, is of its own making. */
    @Test
    @Order(1)
    void theProgramHasBeenRehearsedOnEachMachine() throws InterruptedException {
        for (String member : MEMBERS) {
            machines.machine(member)
                    .host()
                    .run(Command.of(
                            CALL, "sh", "-c", "ls /opt/gauntlet/agent/*/agent.jsa /opt/gauntlet/agent/*/agent-tls.jsa"))
                    .orFail();
        }
    }

    @BeforeEach
    void awaitWhole() {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
            List<NodeStatus> statuses = cluster.status();
            return primaries(statuses).size() == 1
                    && primaries(statuses).get(0).promotable().containsAll(MEMBERS)
                    && statuses.stream().filter(NodeStatus::streaming).count() == 1;
        });
    }

    @Test
    @Order(1)
    void eachAgentAnswersAsWhatItsMemberIs() throws Exception {
        String primary = primary();
        String standby = standby();
        for (String path : List.of("/", "/primary", "/read-write", "/leader", "/read-only", "/health", "/readiness")) {
            assertThat(code(primary, path)).as(path).isEqualTo(200);
        }
        for (String path : List.of("/replica", "/sync", "/async")) {
            assertThat(code(primary, path)).as(path).isEqualTo(503);
        }
        for (String path : List.of("/replica", "/replica?lag=16MB", "/sync", "/read-only", "/health", "/readiness")) {
            assertThat(code(standby, path)).as(path).isEqualTo(200);
        }
        for (String path : List.of("/", "/primary", "/read-write", "/leader", "/async")) {
            assertThat(code(standby, path)).as(path).isEqualTo(503);
        }
        for (String member : MEMBERS) {
            assertThat(code(member, "/liveness")).isEqualTo(200);
            assertThat(code(member, "/switchover")).isEqualTo(403);
            assertThat(body(member, "/cluster")).contains("\"role\":\"leader\"", "\"role\":\"sync_standby\"");
        }
        assertThat(body(primary, "/metrics")).containsPattern("gauntlet_open\\{[^}]*} 1\n");
        assertThat(body(standby, "/metrics"))
                .containsPattern("gauntlet_synchronous\\{[^}]*} 1\n")
                .containsPattern("gauntlet_replication_lag_bytes\\{[^}]*} \\d+\n");
    }

    /** Without an archive of its classes, which nobody has rehearsed here; the bound leaves room for other Javas. */
    @Test
    @Order(2)
    void anAgentIsSmall() throws InterruptedException {
        for (String member : MEMBERS) {
            String script = """
                    ticks() { cut -d ' ' -f 14,15 "$1/stat" | tr ' ' '+'; }
                    for process in /proc/[0-9]*; do
                      if tr '\\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q '^java '; then
                        before=$(ticks "$process")
                        sleep 5
                        echo "$(sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' "$process/status")" \
                          "$(($(ticks "$process") - ($before)))"
                      fi
                    done
                    """;
            String[] seen = machines.machine(member)
                    .host()
                    .run(Command.of(LIMIT, "sh", "-c", script))
                    .orFail()
                    .output()
                    .strip()
                    .split(" ");
            int kilobytes = Integer.parseInt(seen[0]);
            // A tick is a hundredth of a second, of which there were five.
            double share = Integer.parseInt(seen[1]) / 5.0;
            LOG.info("{}: the agent takes {} MB, and {} % of a core when idle", member, kilobytes / 1024, share);
            assertThat(kilobytes / 1024).as(member).isLessThan(MEGABYTES_OF_AN_AGENT);
        }
    }

    /** On the machine's own Java, which need not be the one that the unit tests run on. */
    @Test
    @Order(3)
    void whoHangsKeepsNobodyElseFromAnAgent() throws Exception {
        String primary = primary();
        long fences = count(Milestone.FENCED);
        Endpoint agent = machines.routes().route(Routes.OPERATOR, primary, Service.AGENT);
        List<Socket> hanging = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(agent.host(), agent.port());
                socket.getOutputStream().write("GET /primary HTTP/1.1\r\nX-Half: ".getBytes(UTF_8));
                hanging.add(socket);
            }
            await().atMost(LIMIT).ignoreExceptions().until(() -> code(primary, "/primary") == 200);
        } finally {
            for (Socket socket : hanging) {
                socket.close();
            }
        }
        assertThat(primary()).isEqualTo(primary);
        assertThat(count(Milestone.FENCED)).isEqualTo(fences);
    }

    @Test
    @Order(4)
    void haproxyLeadsWritersToThePrimaryAndReadersToTheStandbyBeforeAndAfterAFailover() throws Exception {
        String before = primary();
        String other = standby();
        await().atMost(LIMIT).until(() -> throughBalancer(5000, "select 1").succeeded());
        assertThat(throughBalancer(5000, "create table visits (n int primary key)")
                        .succeeded())
                .isTrue();
        assertThat(throughBalancer(5000, "insert into visits values (1)").succeeded())
                .isTrue();
        assertThat(throughBalancer(5000, "select current_setting('cluster_name')")
                        .output())
                .isEqualTo(before + "\n");
        await().atMost(LIMIT)
                .until(() -> throughBalancer(5001, "select current_setting('cluster_name')")
                        .output()
                        .equals(other + "\n"));

        Host machine = machines.machine(before).host();
        machine.run(Command.of(CALL, "sh", "-c", "kill -s KILL \"$(head -n 1 /var/lib/gauntlet/data/postmaster.pid)\""))
                .orFail();
        long killed = System.nanoTime();
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> throughBalancer(5000, "insert into visits values (2) on conflict do nothing")
                        .succeeded());
        LOG.info("Through HAProxy writes were back {} ms after the postmaster was killed", sinceMillis(killed));

        // For as long as the balancer's checks take, it may still lead to the former primary, which is a standby by
        // now.
        await().atMost(LIMIT)
                .until(() -> throughBalancer(5000, "select current_setting('cluster_name')")
                        .output()
                        .equals(other + "\n"));
        assertThat(throughBalancer(5000, "select count(*) from visits").output())
                .isEqualTo("2\n");
        awaitWhole();
        await().atMost(LIMIT)
                .until(() -> throughBalancer(5001, "select current_setting('cluster_name')")
                        .output()
                        .equals(before + "\n"));
        assertThat(body(other, "/metrics")).containsPattern("gauntlet_promotions_total\\{[^}]*} [1-9]");
        assertThat(body(before, "/metrics"))
                .containsPattern("gauntlet_postgres_failures_total\\{[^}]*} 1\n")
                .containsPattern("gauntlet_rejoins_total\\{[^}]*} [1-9]");
    }

    private CommandResult throughBalancer(int port, String sql) throws InterruptedException {
        ClientAccess access = cluster.clients();
        Command psql = Command.of(
                        CALL,
                        "psql",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-U",
                        access.user(),
                        "-d",
                        access.database(),
                        "-XAtqc",
                        sql)
                .with("PGPASSWORD", access.password().reveal())
                .with("PGCONNECT_TIMEOUT", "2");
        return machines.machine(BALANCER).host().run(psql);
    }

    /** What a client sees of a primary whose machine freezes, with the settings that are given and with pgjdbc's own. */
    @Test
    @Order(5)
    void aClientOfAFrozenPrimaryGoesOnWithTheGivenSettingsAndHangsWithoutThem() throws Exception {
        String frozen = primary();
        ExecutorService clients = Executors.newCachedThreadPool();
        try {
            Properties hurried = cluster.clients().properties();
            hurried.setProperty("socketTimeout", "3");
            Properties careless = new Properties();
            careless.setProperty("user", cluster.clients().user());
            careless.setProperty("password", cluster.clients().password().reveal());
            careless.setProperty("targetServerType", "primary");
            careless.setProperty("sslmode", "disable");
            Future<Long> given = clients.submit(() -> outage(cluster.clients().properties(), frozen));
            Future<Long> quick = clients.submit(() -> outage(hurried, frozen));
            Future<Long> hanging = clients.submit(() -> outage(careless, frozen));
            await().atMost(LIMIT).until(() -> connections(frozen) >= 3);

            machines.machine(frozen).pause();
            try {
                await().atMost(LIMIT).until(() -> given.isDone() && quick.isDone());
                LOG.info("Frozen primary: {} ms without a write with socketTimeout=3", quick.get());
                LOG.info("Frozen primary: {} ms without a write with the given settings", given.get());
                assertThat(hanging.isDone())
                        .as("the client without bounds hangs")
                        .isFalse();
            } finally {
                machines.machine(frozen).unpause();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** Writes on one member until another takes over; how many milliseconds lay between the last write and the next. */
    private Long outage(Properties properties, String first) throws InterruptedException {
        long last = System.nanoTime();
        while (!Thread.interrupted()) {
            try (Connection connection =
                            DriverManager.getConnection(cluster.clients().jdbcUrl(), properties);
                    Statement statement = connection.createStatement()) {
                String member;
                try (ResultSet row = statement.executeQuery("select current_setting('cluster_name')")) {
                    row.next();
                    member = row.getString(1);
                }
                while (true) {
                    statement.execute("create temporary table if not exists written (n int)");
                    statement.execute("insert into written values (1)");
                    if (!member.equals(first)) {
                        return sinceMillis(last);
                    }
                    last = System.nanoTime();
                    Thread.sleep(10);
                }
            } catch (SQLException e) {
                Thread.sleep(10);
            }
        }
        throw new InterruptedException();
    }

    private long connections(String member) throws InterruptedException {
        Command count = Command.of(
                        CALL,
                        "psql",
                        "-h",
                        "127.0.0.1",
                        "-U",
                        "gauntlet",
                        "-d",
                        "postgres",
                        "-XAtqc",
                        "select count(*) from pg_stat_activity where usename = 'app'")
                .with("PGPASSWORD", credentials.superuser().reveal());
        return Long.parseLong(
                machines.machine(member).host().run(count).orFail().output().strip());
    }

    /** Last, so that there has been something to tell: failovers, rejoins, refused orders, broken connections. */
    @Test
    @Order(6)
    void noLogNoProcessAndNoAnswerHoldsASecret(@TempDir Path logs) throws Exception {
        machines.collectLogs(logs);
        StringBuilder seen = new StringBuilder();
        try (Stream<Path> files = Files.walk(logs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                seen.append(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(seen.toString()).contains("PROMOTED", "database system is ready");
        for (String member : MEMBERS) {
            seen.append(machines.machine(member)
                    .host()
                    .run(Command.of(
                            CALL,
                            "sh",
                            "-c",
                            "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '"))
                    .output());
            for (String path : List.of("/", "/status", "/cluster", "/journal", "/metrics")) {
                seen.append(body(member, path));
            }
        }
        assertThat(seen.toString()).contains("AgentMain");
        for (Secret secret : List.of(
                credentials.superuser(),
                credentials.replication(),
                credentials.rewind(),
                credentials.application(),
                credentials.agent())) {
            assertThat(seen.toString().contains(secret.reveal())).isFalse();
        }
        String files = machines.machine("machine0")
                .host()
                .run(Command.of(
                        CALL,
                        "stat",
                        "-c",
                        "%a %U",
                        "/var/lib/gauntlet/agent.json",
                        "/var/lib/gauntlet/conf/pgpass",
                        "/var/lib/gauntlet/data"))
                .orFail()
                .output();
        assertThat(files).isEqualTo("600 postgres\n600 postgres\n700 postgres\n");
    }

    private long count(Milestone milestone) {
        return MEMBERS.stream()
                .flatMap(member -> cluster.journal(member, 0).stream())
                .filter(entry -> entry.milestone() == milestone)
                .count();
    }

    private String primary() {
        return primaries(cluster.status()).get(0).member();
    }

    private String standby() {
        String primary = primary();
        return MEMBERS.stream()
                .filter(member -> !member.equals(primary))
                .findFirst()
                .orElseThrow();
    }

    private static List<NodeStatus> primaries(List<NodeStatus> statuses) {
        return statuses.stream()
                .filter(status -> status.role() == NodeRole.PRIMARY && status.open())
                .toList();
    }

    private int code(String member, String path) throws Exception {
        return get(member, path).statusCode();
    }

    private String body(String member, String path) throws Exception {
        return get(member, path).body();
    }

    private HttpResponse<String> get(String member, String path) throws Exception {
        Endpoint agent = machines.routes().route(Routes.OPERATOR, member, Service.AGENT);
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + agent + path))
                        .timeout(CALL)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static long sinceMillis(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
