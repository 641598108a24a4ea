package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.github.pggauntlet.strategy.TlsContext;
import io.github.pggauntlet.strategy.streaming.AgentApi.Answer;
import io.github.pggauntlet.strategy.streaming.AgentApi.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's door for HTTP, or for HTTPS and nothing else: takes requests, has {@link AgentApi} answer them, and lets nobody
 * keep it from others for long. A handshake is a part of its request, and is given no more time than the rest of it.
 */
final class StatusServer implements AutoCloseable {

    /** How long a request may take from its first byte, be it one of a handshake, to the last one of its answer. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** Requests that are answered at once: several load balancers, monitoring, the other agents, and some that hang. */
    static final int MOST = 32;

    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
    private static final int FAILED = 500;
    private static final int LONGEST_CONTENT = 1 << 16;
    private static final int NO_BODY = -1;

    /** Java's own limit is 20,480, too much for an agent's small memory. */
    private static final int SESSIONS_KEPT = 128;

    private final HttpServer http;
    private final TimedWorkers workers;
    private final AgentApi api;

    StatusServer(int port, AgentApi api, Optional<TlsContext> tls) {
        this(port, api, tls, MOST, LIMIT);
    }

    /**
     * @param port where to listen; 0 for any port that is free
     * @param api answers
     * @param tls what the agent proves itself with; empty for HTTP without TLS
     * @param most how many requests are answered at once
     * @param limit how long one may take
     */
    StatusServer(int port, AgentApi api, Optional<TlsContext> tls, int most, Duration limit) {
        this.api = api;
        this.workers = new TimedWorkers("status-server", most, limit);
        try {
            http = tls.isPresent()
                    ? encrypted(new InetSocketAddress(port), tls.get())
                    : HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("The agent cannot listen on port " + port + ".", e);
        }
        http.setExecutor(workers);
        http.createContext("/", exchange -> {
            try (exchange) {
                respond(exchange);
            }
        });
    }

    private static HttpServer encrypted(InetSocketAddress address, TlsContext tls) throws IOException {
        tls.context().getServerSessionContext().setSessionCacheSize(SESSIONS_KEPT);
        HttpsServer https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls.context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                parameters.setSSLParameters(tls.parameters());
            }
        });
        return https;
    }

    void start() {
        http.start();
    }

    /** The port it listens on. */
    int port() {
        return http.getAddress().getPort();
    }

    private void respond(HttpExchange exchange) throws IOException {
        Answer answer;
        try {
            answer = api.answer(request(exchange));
        } catch (IllegalArgumentException e) {
            answer = text(AgentApi.BAD_REQUEST, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.warn("A request failed.", e);
            answer = text(FAILED, e);
        }
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (answer.code() == AgentApi.WRONG_METHOD) {
            boolean order = AgentApi.ORDERS.contains(exchange.getRequestURI().getPath());
            exchange.getResponseHeaders().set("Allow", order ? "POST" : "GET, HEAD, OPTIONS");
        }
        String method = exchange.getRequestMethod();
        if (method.equals("HEAD") || method.equals("OPTIONS")) {
            exchange.sendResponseHeaders(answer.code(), NO_BODY);
            return;
        }
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.code(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static Answer text(int code, RuntimeException e) {
        return new Answer(code, "text/plain", String.valueOf(e.getMessage()));
    }

    private static Request request(HttpExchange exchange) {
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query(exchange.getRequestURI().getRawQuery()),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                () -> content(exchange));
    }

    private static String content(HttpExchange exchange) {
        try {
            byte[] content = exchange.getRequestBody().readNBytes(LONGEST_CONTENT + 1);
            if (content.length > LONGEST_CONTENT) {
                throw new IllegalArgumentException("What is sent has at most " + LONGEST_CONTENT + " bytes.");
            }
            return new String(content, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String part : raw.split("&")) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    query.put(
                            URLDecoder.decode(part.substring(0, equals), UTF_8),
                            URLDecoder.decode(part.substring(equals + 1), UTF_8));
                }
            }
        }
        return query;
    }

    @Override
    public void close() {
        http.stop(0);
        workers.close();
    }
}
