package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Timings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent in this process, before it has a PostgreSQL: nobody answers where its arbiter should be. */
class EmbeddedAgentTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void answersWhileItRunsAndIsGoneWhenItIsClosed() throws Exception {
        int port = free();
        EmbeddedAgent agent = EmbeddedAgent.start(spec(), "machine0", directory, free(), port);
        try {
            assertThat(agent.status().role()).isEqualTo(NodeRole.STOPPED);
            assertThat(code(port, "/liveness")).isEqualTo(200);
            assertThat(code(port, "/primary")).isEqualTo(503);
            assertThat(code(port, "/replica")).isEqualTo(503);
            assertThat(code(port, "/health")).isEqualTo(503);
        } finally {
            agent.close();
        }
        agent.awaitEnd();
        assertThat(agent.status().role()).isEqualTo(NodeRole.UNREACHABLE);
        assertThatThrownBy(() -> code(port, "/liveness")).isInstanceOf(ConnectException.class);
        // Closing twice does no harm.
        agent.close();
    }

    @Test
    void whatKeepsItFromStartingIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> EmbeddedAgent.start(spec(), "machine0", directory, free(), taken.getLocalPort()))
                    .isInstanceOf(HaException.class)
                    .hasMessageContaining("machine0")
                    .hasMessageContaining("cannot listen on port " + taken.getLocalPort());
        }
    }

    @Test
    void aMemberIsOneOfTheCluster() {
        assertThatThrownBy(() -> EmbeddedAgent.start(spec(), "machine7", directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("machine7")
                .hasMessageContaining("machine0, machine1");
        assertThatThrownBy(() -> EmbeddedAgent.start(spec(), "machine0", Path.of("relative")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("relative");
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static int code(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(LIMIT)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static ClusterSpec spec() {
        Endpoint nobody = new Endpoint("127.0.0.1", 1);
        Routes routes = Routes.none()
                .with("machine0", "machine1", Service.POSTGRES, nobody)
                .with("machine0", "machine1", Service.AGENT, nobody)
                .with("machine0", Routes.ARBITER, Service.ARBITER, nobody);
        return new ClusterSpec(
                "shop",
                List.of("machine0", "machine1"),
                Durability.SYNC,
                routes,
                Timings.quick(),
                Configs.CREDENTIALS,
                Map.of());
    }
}
