package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent's HTTP door and the client that knocks at it. */
class StatusServerTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Secret TOKEN = new Secret("the-token");

    private final AtomicInteger orders = new AtomicInteger();
    private final RecordedJournal journal = new RecordedJournal("machine0");
    private final HttpClient http = HttpClient.newHttpClient();
    private NodeStatus status = status("well");
    private int port;
    private StatusServer server;
    private AgentClient client;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        server = new StatusServer(port, () -> status, journal, TOKEN, orders::incrementAndGet, AgentJson.mapper());
        server.start();
        client = new AgentClient(Map.of("machine0", new Endpoint("127.0.0.1", port)), LIMIT, AgentJson.mapper());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theStatusArrivesAsItIs() throws InterruptedException {
        assertThat(client.ask(List.of("machine0"))).containsExactly(status);
        status = NodeStatus.unreachable("machine0", Instant.EPOCH, "nothing is known");
        assertThat(client.ask(List.of("machine0"))).containsExactly(status);
    }

    @Test
    void theJournalIsGivenFromWhereItIsAskedFor() {
        journal.record(Milestone.AGENT_STARTED);
        journal.record(Milestone.ELECTED, Map.of("term", "1"));

        assertThat(client.journal("machine0", 0)).isEqualTo(journal.after(0)).hasSize(2);
        assertThat(client.journal("machine0", 1))
                .extracting(JournalEntry::milestone)
                .containsExactly(Milestone.ELECTED);
    }

    @Test
    void aSwitchoverIsOrderedByWhoHasTheTokenOnly() throws Exception {
        assertThat(post("/switchover", Optional.empty())).isEqualTo(403);
        assertThat(post("/switchover", Optional.of("Bearer wrong"))).isEqualTo(403);
        assertThat(post("/switchover", Optional.of("the-token"))).isEqualTo(403);
        assertThat(get("/switchover", Optional.of("Bearer the-token"))).isEqualTo(400);
        assertThatThrownBy(() -> client.stepDown("machine0", new Secret("wrong")))
                .isInstanceOf(HaException.class)
                .hasMessageContaining("machine0 refused")
                .hasMessageNotContaining("the-token");
        assertThat(orders).hasValue(0);

        client.stepDown("machine0", TOKEN);
        assertThat(orders).hasValue(1);
    }

    @Test
    void whatIsNotUnderstoodIsSaid() throws Exception {
        assertThat(get("/journal?after=never", Optional.empty())).isEqualTo(400);
        assertThat(get("/nothing", Optional.empty())).isEqualTo(404);
    }

    @Test
    void anAgentThatCannotTellIsUnreachableAndSaysWhy() throws Exception {
        status = null;
        server.close();
        server = new StatusServer(
                port,
                () -> {
                    throw new HaException("no idea");
                },
                journal,
                TOKEN,
                orders::incrementAndGet,
                AgentJson.mapper());
        server.start();

        assertThat(get("/status", Optional.empty())).isEqualTo(500);
        assertThat(client.ask(List.of("machine0")))
                .singleElement()
                .matches(answer ->
                        answer.role() == NodeRole.UNREACHABLE && answer.member().equals("machine0"));
    }

    @Test
    void whoDoesNotAnswerIsUnreachableAndHoldsUpNobody() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AgentClient both = new AgentClient(
                    Map.of(
                            "machine0",
                            new Endpoint("127.0.0.1", port),
                            "machine1",
                            new Endpoint("127.0.0.1", silent.getLocalPort())),
                    Duration.ofMillis(500),
                    AgentJson.mapper());

            List<NodeStatus> answers = both.ask(List.of("machine1", "machine0"));
            assertThat(answers).extracting(NodeStatus::member).containsExactly("machine1", "machine0");
            assertThat(answers.get(0).role()).isEqualTo(NodeRole.UNREACHABLE);
            assertThat(both.journal("machine1", 0)).isEmpty();
            assertThatThrownBy(() -> both.stepDown("machine1", TOKEN)).isInstanceOf(HaException.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int get(String path, Optional<String> authorization) throws Exception {
        return send(request(path, authorization).GET());
    }

    private int post(String path, Optional<String> authorization) throws Exception {
        return send(request(path, authorization).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path, Optional<String> authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LIMIT);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    private int send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static NodeStatus status(String note) {
        return new NodeStatus(
                "machine0",
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                NodeRole.PRIMARY,
                true,
                OptionalInt.of(3),
                Optional.of(Lsn.parse("16/B374D848")),
                false,
                OptionalLong.of(4711),
                Set.of("machine0", "machine1"),
                true,
                note);
    }
}
