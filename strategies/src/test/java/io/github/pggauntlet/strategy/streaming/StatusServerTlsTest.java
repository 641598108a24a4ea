package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.TestAuthority;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent's door when it is locked to all but TLS, and who is not believed behind such a door. */
class StatusServerTlsTest {

    private static final String HERE = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Secret TOKEN = Configs.CREDENTIALS.agent();
    private static final int MOST = 4;

    /** A handshake in a cold JVM on a busy computer must still fit into it. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private final TestAuthority authority = new TestAuthority();
    private final AtomicInteger orders = new AtomicInteger();
    private final List<StatusServer> servers = new ArrayList<>();
    private StatusServer server;

    @BeforeEach
    void start() {
        server = serve(authority.identity("EC", HERE));
    }

    @AfterEach
    void stop() {
        servers.forEach(StatusServer::close);
    }

    @Test
    void whatIsAskedAndOrderedArrivesAsWithoutTls() throws Exception {
        AgentClient client = client(server);

        assertThat(client.ask(List.of("machine0"))).containsExactly(SaidOfItself.primary("well"));
        assertThat(client.read("machine0", "/cluster").orElseThrow())
                .as("where the others are asked")
                .contains("\"https://machine1.example:5432/\"");
        assertThat(client.question("machine0", "who is it?", TOKEN)).contains("heard who is it?");
        client.stepDown("machine0", Optional.empty(), TOKEN);
        assertThat(orders).hasValue(1);
    }

    @Test
    void whoSpeaksPlainHttpGetsNoAnswer() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write("GET /primary HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
            assertThat(said(socket)).doesNotContain("200");
        }
    }

    @Test
    void anOlderTlsIsNotSpoken() throws Exception {
        assertThat(handshakes("TLSv1.3")).isTrue();
        assertThat(handshakes("TLSv1.2")).isFalse();
    }

    @Test
    void anAgentOfAnotherAuthorityOfAnotherHostOrOfLastYearIsNotBelieved() throws Exception {
        for (Tls.Identity wrong : List.of(
                new TestAuthority().identity("EC", HERE),
                authority.identity("EC", "127.0.0.2", "machine0"),
                authority.expired(HERE))) {
            AgentClient client = client(serve(wrong));
            NodeStatus answer = client.ask(List.of("machine0")).get(0);

            assertThat(answer.role()).isEqualTo(NodeRole.UNREACHABLE);
            assertThat(client.question("machine0", "who is it?", TOKEN)).isEmpty();
            assertThat(client.favour("machine0", "machine1", TOKEN)).isFalse();
            assertThat(client.journal("machine0", 0)).isEmpty();
        }
        assertThat(orders).hasValue(0);
    }

    /** More of them than there are threads: some never begin their handshake in earnest, others stop in its middle. */
    @Test
    void whoNeverEndsAHandshakeKeepsTheAgentFromOthersForAMomentOnly() throws Exception {
        byte[] hello = hello();
        List<Socket> hanging = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * MOST; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                int sent = i % 2 == 0 ? hello.length : hello.length / 2;
                socket.getOutputStream().write(hello, 0, sent);
                socket.getOutputStream().flush();
                hanging.add(socket);
            }
            AgentClient client = client(server);
            await().atMost(LIMIT)
                    .until(() -> client.ask(List.of("machine0")).get(0).role() == NodeRole.PRIMARY);
            // Each of them has been hung up on, not only made to wait.
            for (Socket socket : hanging) {
                socket.setSoTimeout((int) LIMIT.toMillis());
                assertThat(said(socket)).isNotEqualTo("still there");
            }
        } finally {
            for (Socket socket : hanging) {
                socket.close();
            }
        }
    }

    private StatusServer serve(Tls.Identity own) {
        AgentApi api = new AgentApi(
                Configs.encrypted("machine0", List.of("machine0", "machine1"), authority.tls("machine0", HERE)),
                new SaidOfItself(),
                new CountedJournal(new RecordedJournal("machine0")),
                members -> List.of(),
                new RecordedHandOver(orders),
                Optional.of(question -> "heard " + question),
                AgentJson.mapper());
        StatusServer started =
                new StatusServer(0, api, Optional.of(TlsContext.of(authority.certificate(), own)), MOST, SHORT);
        servers.add(started);
        started.start();
        return started;
    }

    private AgentClient client(StatusServer of) {
        return new AgentClient(
                Map.of("machine0", new Endpoint(HERE, of.port())),
                Optional.of(TlsContext.trusting(authority.certificate())),
                LIMIT,
                AgentJson.mapper());
    }

    private boolean handshakes(String version) throws IOException {
        TlsContext trusting = TlsContext.trusting(authority.certificate());
        try (SSLSocket socket =
                (SSLSocket) trusting.context().getSocketFactory().createSocket(HERE, server.port())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return true;
        } catch (SSLException e) {
            return false;
        }
    }

    /** How a client begins. */
    private byte[] hello() throws SSLException {
        SSLEngine engine =
                TlsContext.trusting(authority.certificate()).context().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    /** All that comes until the other side hangs up. */
    private static String said(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketTimeoutException e) {
            return "still there";
        } catch (SocketException e) {
            return "";
        }
    }
}
