package io.github.pggauntlet.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlainHttpTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int NO_CONTENT = 204;

    private final HttpClient client = PlainHttp.client(LIMIT).build();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(NO_CONTENT, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private HttpRequest request(String scheme) {
        return HttpRequest.newBuilder(URI.create(
                        scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/"))
                .timeout(LIMIT)
                .build();
    }

    @Test
    void speaksHttp() throws Exception {
        assertThat(client.send(request("http"), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(NO_CONTENT);
    }

    @Test
    void refusesHttpsRatherThanSpeakWithSomebodyUnchecked() {
        assertThatThrownBy(() -> client.send(request("https"), HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(IOException.class)
                .rootCause()
                .hasMessageContaining("speaks no TLS");
    }
}
