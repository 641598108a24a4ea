package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Where an agent answers: its status and journal to whoever asks, orders from those who know the token. */
final class AgentDoor implements AutoCloseable {

    static final String STATUS = "/status";
    static final String JOURNAL = "/journal";
    static final String SWITCHOVER = "/switchover";
    static final String GIVE_UP = "/give-up";
    static final String CONNECT = "/connect";
    static final String FENCE = "/fence";
    static final String AFTER = "after=";
    static final String AUTHORIZATION = "Authorization";

    private static final int THREADS = 3;
    private static final int FINE = 200;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    private final HttpServer server;
    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

    /** What answers. */
    @FunctionalInterface
    private interface Answer {
        String to(HttpExchange exchange) throws InterruptedException;
    }

    /** What is done by order. */
    @FunctionalInterface
    private interface Order {
        void carryOut() throws InterruptedException;
    }

    AgentDoor(int port, DiskAgent agent, DiskJournal journal, Fence fence, Secret token) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(pool);
        answer(STATUS, exchange -> Lines.of(agent.status()));
        answer(
                JOURNAL,
                exchange -> journal.after(after(exchange)).stream()
                        .map(entry -> Lines.of(entry) + "\n")
                        .collect(Collectors.joining()));
        server.createContext(FENCE, exchange -> {
            if (exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
                reply(exchange, ignored -> Integer.toString(fence.answer()));
            } else {
                send(exchange, FORBIDDEN, "That is asked on the machine itself.");
            }
        });
        order(SWITCHOVER, token, agent::handOver);
        order(GIVE_UP, token, agent::discard);
        order(CONNECT, token, agent::connect);
        server.start();
    }

    private void order(String path, Secret token, Order order) {
        server.createContext(path, exchange -> {
            if (knows(exchange, token)) {
                reply(exchange, ignored -> {
                    order.carryOut();
                    return "";
                });
            } else {
                send(exchange, FORBIDDEN, "The order lacks the cluster's token.");
            }
        });
    }

    private void answer(String path, Answer answer) {
        server.createContext(path, exchange -> reply(exchange, answer));
    }

    private static void reply(HttpExchange exchange, Answer answer) throws IOException {
        try {
            send(exchange, FINE, answer.to(exchange));
        } catch (HaException e) {
            send(exchange, CONFLICT, String.valueOf(e.getMessage()));
        } catch (HostException | IllegalArgumentException e) {
            send(exchange, UNAVAILABLE, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            send(exchange, UNAVAILABLE, "The agent is ending.");
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        // 0 would announce a body of unknown length.
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private static long after(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query != null && query.startsWith(AFTER) ? Long.parseLong(query.substring(AFTER.length())) : 0;
    }

    private static boolean knows(HttpExchange exchange, Secret token) {
        String said = exchange.getRequestHeaders().getFirst(AUTHORIZATION);
        return said != null
                && exchange.getRequestMethod().equals("POST")
                && MessageDigest.isEqual(said.getBytes(UTF_8), bearer(token).getBytes(UTF_8));
    }

    static String bearer(Secret token) {
        return "Bearer " + token.reveal();
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }
}
