package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent's HTTP door and the client that knocks at it. */
class StatusServerTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Secret TOKEN = Configs.CREDENTIALS.agent();
    private static final int MOST = 4;
    private static final Duration SHORT = Duration.ofMillis(500);

    private final AtomicInteger orders = new AtomicInteger();
    private final RecordedJournal journal = new RecordedJournal("machine0");
    private final HttpClient http = HttpClient.newHttpClient();
    private final SaidOfItself self = new SaidOfItself();
    private int port;
    private StatusServer server;
    private AgentClient client;

    @BeforeEach
    void start() {
        AgentApi api = new AgentApi(
                Configs.of("machine0", List.of("machine0", "machine1"), Durability.SYNC, Map.of()),
                self,
                new CountedJournal(journal),
                members -> List.of(),
                new RecordedHandOver(orders),
                Optional.of(question -> {
                    if (question.isEmpty()) {
                        throw new IllegalArgumentException("Nothing is asked.");
                    }
                    return "heard " + question;
                }),
                AgentJson.mapper());
        server = new StatusServer(0, api, Optional.empty(), MOST, SHORT);
        server.start();
        port = server.port();
        client = new AgentClient(
                Map.of("machine0", new Endpoint("127.0.0.1", port)), Optional.empty(), LIMIT, AgentJson.mapper());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theStatusArrivesAsItIs() throws InterruptedException {
        assertThat(client.ask(List.of("machine0"))).containsExactly(SaidOfItself.primary("well"));
        NodeStatus unknown = NodeStatus.unreachable("machine0", Instant.EPOCH, "nothing is known");
        self.status = () -> unknown;
        assertThat(client.ask(List.of("machine0"))).containsExactly(unknown);
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
    void anArbiterIsAskedByWhoHasTheTokenOnlyAndNothingWithoutBounds() throws Exception {
        assertThat(client.question("machine0", "who is it?", new Secret("wrong")))
                .isEmpty();
        assertThat(client.question("machine0", "who is it?", TOKEN)).contains("heard who is it?");
        assertThat(client.question("machine0", "x".repeat(1 << 16), TOKEN)).isPresent();
        assertThat(client.question("machine0", "x".repeat((1 << 16) + 1), TOKEN))
                .isEmpty();
    }

    @Test
    void aSwitchoverIsOrderedByWhoHasTheTokenOnly() throws Exception {
        assertThat(post("/switchover", Optional.empty())).isEqualTo(403);
        assertThat(post("/switchover", Optional.of("Bearer wrong"))).isEqualTo(403);
        assertThat(post("/switchover", Optional.of(TOKEN.reveal()))).isEqualTo(403);
        assertThat(get("/switchover", Optional.of("Bearer " + TOKEN.reveal()))).isEqualTo(405);
        assertThatThrownBy(() -> client.stepDown("machine0", Optional.empty(), new Secret("wrong")))
                .isInstanceOf(HaException.class)
                .hasMessageContaining("machine0 refused")
                .hasMessageNotContaining(TOKEN.reveal());
        assertThat(orders).hasValue(0);

        client.stepDown("machine0", Optional.empty(), TOKEN);
        assertThat(orders).hasValue(1);
        assertThat(client.favour("machine0", "machine1", new Secret("wrong"))).isFalse();
        assertThat(client.favour("machine0", "machine9", TOKEN)).isFalse();
        assertThat(client.favour("machine0", "machine1", TOKEN)).isTrue();
    }

    @Test
    void whatIsNotUnderstoodIsSaid() throws Exception {
        assertThat(get("/journal?after=never", Optional.empty())).isEqualTo(400);
        assertThat(get("/replica?lag=much", Optional.empty())).isEqualTo(400);
        assertThat(get("/nothing", Optional.empty())).isEqualTo(404);
    }

    @Test
    void anAgentThatCannotTellIsUnreachableAndSaysWhy() throws Exception {
        self.status = () -> {
            throw new HaException("no idea");
        };

        assertThat(get("/status", Optional.empty())).isEqualTo(500);
        assertThat(client.ask(List.of("machine0")))
                .singleElement()
                .matches(answer ->
                        answer.role() == NodeRole.UNREACHABLE && answer.member().equals("machine0"));
    }

    @Test
    void aHeadIsAnsweredWithoutABody() throws Exception {
        for (String method : List.of("HEAD", "OPTIONS")) {
            HttpRequest request = request("/primary", Optional.empty())
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(method).isEqualTo(200);
            assertThat(answer.body()).as(method).isEmpty();
        }
    }

    /** More of them than there are threads, and none of them ever ends its request. */
    @Test
    void whoSendsHalfARequestKeepsTheAgentFromOthersForAMomentOnly() throws Exception {
        List<Socket> hanging = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * MOST; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.getOutputStream().write("GET /primary HTTP/1.1\r\nHost: x\r\nX-Half: ".getBytes(UTF_8));
                socket.getOutputStream().flush();
                hanging.add(socket);
            }
            await().atMost(LIMIT).until(this::answers);
            // Each of them has been hung up on, not only made to wait.
            for (Socket socket : hanging) {
                socket.setSoTimeout((int) LIMIT.toMillis());
                assertThat(ended(socket)).isTrue();
            }
        } finally {
            for (Socket socket : hanging) {
                socket.close();
            }
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsGivenUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        self.status = () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new HaException("interrupted");
        };
        List<CompletableFuture<Integer>> stuck = new ArrayList<>();
        for (int i = 0; i < 2 * MOST; i++) {
            stuck.add(http.sendAsync(
                            request("/primary", Optional.empty()).GET().build(), HttpResponse.BodyHandlers.discarding())
                    .handle((answer, failure) -> answer == null ? 0 : answer.statusCode()));
        }
        for (CompletableFuture<Integer> one : stuck) {
            assertThat(one.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isIn(0, 500);
        }
        self.status = () -> SaidOfItself.primary("well");
        await().atMost(LIMIT).until(this::answers);
    }

    private boolean answers() throws Exception {
        try {
            return get("/primary", Optional.empty()) == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // An error page may come before the end.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
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
                    Optional.empty(),
                    Duration.ofMillis(500),
                    AgentJson.mapper());

            List<NodeStatus> answers = both.ask(List.of("machine1", "machine0"));
            assertThat(answers).extracting(NodeStatus::member).containsExactly("machine1", "machine0");
            assertThat(answers.get(0).role()).isEqualTo(NodeRole.UNREACHABLE);
            assertThat(both.journal("machine1", 0)).isEmpty();
            assertThatThrownBy(() -> both.stepDown("machine1", Optional.empty(), TOKEN))
                    .isInstanceOf(HaException.class);
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
}
