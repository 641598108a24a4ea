package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.CrashPolicy;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.TlsContext;
import io.github.pggauntlet.strategy.arbiter.ArbiterException;
import io.github.pggauntlet.strategy.arbiter.EtcdArbiter;
import io.github.pggauntlet.strategy.decision.FailoverRules;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.host.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Goes through an agent's motions with nobody at the other end, so that the JVM has loaded the classes an agent takes and
 * can archive them. Has no other effect.
 */
public final class AgentRehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(AgentRehearsal.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofMillis(500);

    /** keytool is a JVM of its own, on a computer that is busy with other starts. */
    private static final Duration KEYTOOL = Duration.ofSeconds(15);

    private static final String HERE = "127.0.0.1";

    /** Where nobody listens. */
    private static final int CLOSED_PORT = 1;

    private static final HandOver NO_HAND_OVER = new HandOver() {
        @Override
        public void stepDown() {}

        @Override
        public void favour(String member) {}

        @Override
        public boolean tell(String other, String favoured) {
            return false;
        }
    };

    private static final Peers NO_PEERS = members -> List.of();

    private AgentRehearsal() {}

    /**
     * Rehearses.
     *
     * @param arguments {@code tls} for an agent that speaks TLS
     * @throws IOException if not even a temporary file can be written
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        JsonMapper json = AgentJson.mapper();
        LocalHost host = new LocalHost("here", "localhost");
        Credentials credentials = List.of(arguments).contains("tls") ? withTls(host) : Credentials.random();
        AgentConfig config = json.readValue(json.writeValueAsBytes(config(credentials)), AgentConfig.class);
        goThrough(config, config.tls(), json);
    }

    private static void goThrough(AgentConfig config, Optional<TlsContext> tls, JsonMapper json)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile("rehearsal", ".jsonl");
        try (FileJournal journal = new FileJournal(file, config.member(), json);
                StatusServer server = new StatusServer(
                        0,
                        new AgentApi(
                                config,
                                nobody(),
                                new CountedJournal(journal),
                                NO_PEERS,
                                NO_HAND_OVER,
                                Optional.empty(),
                                json),
                        tls);
                ServerConnection sql = new ServerConnection(
                        CLOSED_PORT, config.credentials().superuser(), "rehearsal", SHORT, new AtomicInteger());
                // Not etcd, but as far as a handshake it is as good.
                EtcdArbiter arbiter =
                        new EtcdArbiter("rehearsal", List.of(new Endpoint(HERE, server.port())), SHORT, tls)) {
            journal.record(Milestone.AGENT_STARTED);
            server.start();
            AgentClient client =
                    new AgentClient(Map.of(config.member(), new Endpoint(HERE, server.port())), tls, LIMIT, json);
            client.ask(List.of(config.member()));
            client.journal(config.member(), 0);
            client.read(config.member(), "/primary");
            client.read(config.member(), "/metrics");
            sql.observe(OptionalLong.empty());
            arbiter.read();
        } catch (ArbiterException e) {
            // As it should be: no etcd is there.
            FailoverRules.decide(view());
        } finally {
            Files.delete(file);
        }
    }

    private static SelfReport nobody() {
        return new SelfReport() {
            @Override
            public NodeStatus status() {
                return NodeStatus.unreachable("here", Instant.now(), "rehearsal");
            }

            @Override
            public Optional<WalState> walState() {
                return Optional.empty();
            }

            @Override
            public Duration leaseLeft() {
                return Duration.ZERO;
            }

            @Override
            public Duration sinceStep() {
                return Duration.ZERO;
            }

            @Override
            public Duration uptime() {
                return Duration.ZERO;
            }
        };
    }

    /**
     * With a certificate of this rehearsal's own, which keytool makes of a key that nobody keeps; without TLS where a Java
     * runtime comes without keytool. It takes more classes than all the rest.
     */
    private static Credentials withTls(LocalHost host) throws IOException, InterruptedException {
        Credentials plain = Credentials.random();
        Path directory = Files.createTempDirectory("rehearsal");
        Path store = directory.resolve("store");
        String password = Secret.random().reveal();
        try {
            host.run(new Command(
                            List.of(
                                    "keytool",
                                    "-genkeypair",
                                    "-alias",
                                    "rehearsal",
                                    "-keyalg",
                                    "EC",
                                    "-dname",
                                    "CN=rehearsal",
                                    "-ext",
                                    "san=ip:" + HERE,
                                    "-storetype",
                                    "PKCS12",
                                    "-keystore",
                                    store.toString(),
                                    "-storepass:env",
                                    "REHEARSAL"),
                            Map.of("REHEARSAL", password),
                            KEYTOOL))
                    .orFail();
            KeyStore made = KeyStore.getInstance(store.toFile(), password.toCharArray());
            String certificate =
                    pem("CERTIFICATE", made.getCertificate("rehearsal").getEncoded());
            Secret key = new Secret(pem(
                    "PRIVATE KEY",
                    made.getKey("rehearsal", password.toCharArray()).getEncoded()));
            return plain.withTls(new Tls(certificate, Map.of("here", new Tls.Identity(certificate, key))));
        } catch (HostException | GeneralSecurityException | IOException e) {
            LOG.warn("The rehearsal goes on without TLS.", e);
            return plain;
        } finally {
            Files.deleteIfExists(store);
            Files.delete(directory);
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    private static AgentConfig config(Credentials credentials) {
        Endpoint nowhere = new Endpoint(HERE, CLOSED_PORT);
        return new AgentConfig(
                "rehearsal",
                "here",
                List.of("here", "there"),
                Durability.SYNC,
                Timings.quick(),
                Map.of("there", nowhere),
                Map.of("there", nowhere),
                List.of(nowhere),
                credentials,
                Map.of(),
                "/nowhere",
                CLOSED_PORT,
                CLOSED_PORT,
                Safeguards.standard(),
                CrashPolicy.failOver());
    }

    private static FailoverRules.View view() {
        return new FailoverRules.View(
                "here",
                0,
                FailoverRules.Postgres.ABSENT,
                false,
                Optional.empty(),
                false,
                Set.of(),
                Duration.ZERO,
                LIMIT,
                Optional.empty(),
                false,
                Duration.ZERO,
                false,
                false,
                false,
                false,
                Duration.ZERO,
                false,
                false);
    }
}
