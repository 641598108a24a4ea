package io.github.pggauntlet.scenarios.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.Terrain;
import io.github.pggauntlet.harness.junit.Schedules;
import io.github.pggauntlet.harness.run.Run;
import io.github.pggauntlet.harness.run.RunListener;
import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.scenarios.story.CrashCycle;
import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.ssh.SshAccess;
import io.github.pggauntlet.strategy.host.ssh.SshHost;
import io.github.pggauntlet.strategy.streaming.EmbeddedAgent;
import io.github.pggauntlet.strategy.streaming.StreamingStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;

/**
 * The examples of the documentation, as the compiler sees them. {@link DocumentedExamplesTest} holds them and the
 * documentation together: each block there is here, but for white space.
 */
@SuppressWarnings("UnusedVariable") // an example shows more than it uses
final class DocumentedExamples {

    private DocumentedExamples() {}

    static void strategy(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        HaStrategy strategy = new StreamingStrategy();
        System.out.println(
                strategy.promises(spec).of(FaultClass.HOST_CRASH).orElseThrow().loss());

        try (HaCluster cluster = strategy.install(spec, hosts)) {
            String url = cluster.clients().jdbcUrl() + "?targetServerType=primary";
            cluster.status().forEach(node -> System.out.println(node.member() + " is " + node.role()));
        }
    }

    static void fromJUnit(HaStrategy strategy) throws InterruptedException {
        Run run = new Run(Images.find(), strategy, new CrashCycle(), RunListener.silent());
        Run.Result result = run.execute(
                RunPlan.of("streaming", Durability.SYNC, "crash-cycle", Map.of("cycles", "3"), 7),
                Path.of("target/run"));
        assertThat(result.verdict().verdict()).isEqualTo(Ruling.KEPT);
    }

    static ClusterSpec describe(Credentials credentials) {
        Routes routes = Routes.none();
        for (String from : List.of("machine0", "machine1", Routes.CLIENTS, Routes.OPERATOR)) {
            routes = routes.with(from, "machine0", Service.POSTGRES, new Endpoint("10.0.0.10", 5432))
                    .with(from, "machine0", Service.AGENT, new Endpoint("10.0.0.10", 8008))
                    .with(from, "machine1", Service.POSTGRES, new Endpoint("10.0.0.11", 5432))
                    .with(from, "machine1", Service.AGENT, new Endpoint("10.0.0.11", 8008))
                    .with(from, Routes.ARBITER, Service.ARBITER, new Endpoint("10.0.0.12", 2379));
        }
        ClusterSpec spec = new ClusterSpec(
                "shop",
                List.of("machine0", "machine1"),
                Durability.SYNC,
                routes,
                Timings.production(),
                credentials,
                Map.of());
        return spec;
    }

    static Credentials withTls(Credentials credentials) throws IOException {
        Map<String, Tls.Identity> members = new HashMap<>();
        for (String member : List.of("machine0", "machine1")) {
            String certificate = Files.readString(Path.of("/etc/shop", member + ".pem"));
            Secret key = new Secret(Files.readString(Path.of("/etc/shop", member + ".key")));
            members.put(member, new Tls.Identity(certificate, key));
        }
        Credentials secured =
                credentials.withTls(new Tls(Files.readString(Path.of("/etc/shop/authority.pem")), members));
        return secured;
    }

    static ClusterSpec fenced(ClusterSpec spec) {
        ClusterSpec fenced = spec.with(Safeguards.standard().with(FenceProgram.of("/usr/local/sbin/fence-peer")));
        return fenced;
    }

    static Arbitrary<FaultSchedule> schedules() {
        Terrain terrain = new Terrain(2, 1, false, false, false, EnumSet.allOf(FaultClass.class));
        Arbitrary<FaultSchedule> schedules = Schedules.of(terrain, 5);
        return schedules;
    }

    static void overSsh(ClusterSpec spec) throws InterruptedException {
        SshAccess.Login login = new SshAccess.Login.PrivateKey(Path.of("/etc/shop/operator_ed25519"));
        SshAccess.HostKey known = new SshAccess.HostKey.KnownHosts(Path.of("/etc/shop/known_hosts"));
        try (SshHost first = new SshHost(SshAccess.of("machine0", "10.0.0.10", "root", known, login));
                SshHost second = new SshHost(SshAccess.of("machine1", "10.0.0.11", "root", known, login));
                HaCluster cluster = new StreamingStrategy().install(spec, List.of(first, second))) {
            cluster.status().forEach(node -> System.out.println(node.member() + " is " + node.role()));
        }
    }

    static void inOnesOwnProcess(ClusterSpec spec) throws InterruptedException {
        try (EmbeddedAgent agent = EmbeddedAgent.start(spec, "machine0", Path.of("/var/lib/shop"))) {
            System.out.println(agent.status().role());
            agent.awaitEnd();
        }
    }

    static void byDriver(HaCluster cluster) throws SQLException {
        ClientAccess access = cluster.clients();
        try (Connection connection = DriverManager.getConnection(access.jdbcUrl(), access.properties())) {
            connection.createStatement().execute("select 1");
        }
    }

    static HikariConfig byPool(ClientAccess access) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(access.jdbcUrl());
        config.setDataSourceProperties(access.properties());
        config.setConnectionTimeout(10_000);
        config.setValidationTimeout(2_000);
        config.setKeepaliveTime(30_000);
        config.setMaxLifetime(900_000);
        config.setInitializationFailTimeout(-1);
        return config;
    }
}
