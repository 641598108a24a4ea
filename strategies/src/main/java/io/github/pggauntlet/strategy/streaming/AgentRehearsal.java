package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.CrashPolicy;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.arbiter.ArbiterException;
import io.github.pggauntlet.strategy.arbiter.EtcdArbiter;
import io.github.pggauntlet.strategy.decision.FailoverRules;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;

/**
 * Goes through an agent's motions with nobody at the other end, so that the JVM has loaded the classes an agent takes and
 * can archive them. Has no other effect.
 */
public final class AgentRehearsal {

    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofMillis(500);

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
     * @throws IOException if not even a temporary file can be written
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        JsonMapper json = AgentJson.mapper();
        AgentConfig config = json.readValue(json.writeValueAsBytes(config()), AgentConfig.class);
        Path file = Files.createTempFile("rehearsal", ".jsonl");
        new LocalHost("here", "localhost").run(Command.of(LIMIT, "true"));
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
                                json));
                ServerConnection sql = new ServerConnection(
                        CLOSED_PORT, config.credentials().superuser(), "rehearsal", SHORT, new AtomicInteger());
                EtcdArbiter arbiter =
                        new EtcdArbiter("rehearsal", List.of(new Endpoint("127.0.0.1", CLOSED_PORT)), SHORT)) {
            journal.record(Milestone.AGENT_STARTED);
            server.start();
            AgentClient client =
                    new AgentClient(Map.of(config.member(), new Endpoint("127.0.0.1", server.port())), LIMIT, json);
            client.ask(List.of(config.member()));
            client.journal(config.member(), 0);
            client.read(config.member(), "/primary");
            client.read(config.member(), "/metrics");
            sql.observe(OptionalLong.empty());
            arbiter.read();
        } catch (ArbiterException e) {
            // As it should be: nobody is there.
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

    private static AgentConfig config() {
        Endpoint nowhere = new Endpoint("127.0.0.1", CLOSED_PORT);
        return new AgentConfig(
                "rehearsal",
                "here",
                List.of("here", "there"),
                Durability.SYNC,
                Timings.quick(),
                Map.of("there", nowhere),
                Map.of("there", nowhere),
                List.of(nowhere),
                Credentials.random(),
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
