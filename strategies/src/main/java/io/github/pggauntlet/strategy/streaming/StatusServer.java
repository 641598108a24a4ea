package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Answers over HTTP what the member is now and what it has done, and takes the order of a switchover. */
final class StatusServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
    private static final int THREADS = 4;
    private static final int LONGEST_QUESTION = 1 << 16;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int FAILED = 500;

    private final HttpServer http;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "status-server");
        thread.setDaemon(true);
        return thread;
    });
    private final JsonMapper json;

    /** Handles a request: returns what to answer with 200, or throws. */
    private interface Handler {
        Object answer(HttpExchange exchange) throws Refused;
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int code;

        Refused(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    StatusServer(
            int port, Supplier<NodeStatus> status, Journal journal, Secret token, Runnable stepDown, JsonMapper json) {
        this.json = json;
        try {
            http = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("The agent cannot listen on port " + port + ".", e);
        }
        http.setExecutor(workers);
        handle("/status", exchange -> status.get());
        handle("/journal", exchange -> journal.after(after(exchange)));
        handle("/switchover", exchange -> {
            requireOrder(exchange, token);
            stepDown.run();
            return "ordered";
        });
    }

    /** Answers other members' arbiters too. */
    void answer(PeerAnswers answers, Secret token) {
        handle(AgentClient.QUESTIONS, exchange -> {
            requireOrder(exchange, token);
            return answers.answer(question(exchange));
        });
    }

    private static String question(HttpExchange exchange) throws Refused {
        try {
            byte[] body = exchange.getRequestBody().readNBytes(LONGEST_QUESTION + 1);
            if (body.length > LONGEST_QUESTION) {
                throw new Refused(BAD_REQUEST, "A question has at most " + LONGEST_QUESTION + " bytes.");
            }
            return new String(body, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        http.start();
    }

    /** The port it listens on. */
    int port() {
        return http.getAddress().getPort();
    }

    private void handle(String path, Handler handler) {
        http.createContext(path, exchange -> {
            try (exchange) {
                answer(exchange, handler);
            }
        });
    }

    private void answer(HttpExchange exchange, Handler handler) throws IOException {
        int code = OK;
        Object answer;
        try {
            answer = handler.answer(exchange);
        } catch (Refused e) {
            code = e.code;
            answer = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("A request failed.", e);
            code = FAILED;
            answer = String.valueOf(e.getMessage());
        }
        byte[] body = json.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static long after(HttpExchange exchange) throws Refused {
        String query = exchange.getRequestURI().getQuery();
        if (query == null) {
            return 0;
        }
        try {
            return Long.parseLong(query.replaceFirst("^after=", ""));
        } catch (NumberFormatException e) {
            throw new Refused(BAD_REQUEST, "The journal is asked for as /journal?after=NUMBER.");
        }
    }

    private static void requireOrder(HttpExchange exchange, Secret token) throws Refused {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] wanted = ("Bearer " + token.reveal()).getBytes(UTF_8);
        // Compared in constant time, so that the token cannot be guessed byte by byte.
        if (given == null || !MessageDigest.isEqual(given.getBytes(UTF_8), wanted)) {
            throw new Refused(FORBIDDEN, "An order needs the cluster's token.");
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new Refused(BAD_REQUEST, "An order is given with POST.");
        }
    }

    @Override
    public void close() {
        http.stop(0);
        workers.shutdownNow();
    }
}
