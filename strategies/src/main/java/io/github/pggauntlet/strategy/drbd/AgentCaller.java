package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.PlainHttp;
import io.github.pggauntlet.strategy.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks an agent over HTTP. Every question has a bound. Safe for use by several threads. */
final class AgentCaller {

    private static final int FINE = 200;

    /** In which a whole disk is copied. */
    private static final Duration COPY = Duration.ofMinutes(3);

    private final String member;
    private final Endpoint agent;
    private final Duration limit;
    private final HttpClient http;

    AgentCaller(String member, Endpoint agent, Duration limit) {
        this.member = member;
        this.agent = agent;
        this.limit = limit;
        this.http = PlainHttp.client(limit).build();
    }

    /** The answer to be, which is never exceptional: a member that does not answer is unreachable. */
    CompletableFuture<NodeStatus> status() {
        return http.sendAsync(request(AgentDoor.STATUS).build(), HttpResponse.BodyHandlers.ofString(UTF_8))
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(response -> {
                    if (response.statusCode() != FINE) {
                        return unreachable(response.body());
                    }
                    return Lines.status(response.body());
                })
                .exceptionally(e -> unreachable(String.valueOf(e)));
    }

    private NodeStatus unreachable(String why) {
        return NodeStatus.unreachable(member, Instant.now(), why);
    }

    /** What it has done after an entry; empty if it does not answer. */
    List<JournalEntry> journal(long after) {
        try {
            HttpResponse<String> response = http.sendAsync(
                            request(AgentDoor.JOURNAL + "?" + AgentDoor.AFTER + after)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString(UTF_8))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return response.statusCode() == FINE
                    ? Lines.entries(response.body().lines().toList(), after)
                    : List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }

    /** @throws HaException if it refuses, or does not answer */
    void handOver(Secret token) throws InterruptedException {
        order(AgentDoor.SWITCHOVER, "a switchover", limit, token);
    }

    /** @throws HaException if it refuses, or does not answer */
    void giveUp(Secret token) throws InterruptedException {
        order(AgentDoor.GIVE_UP, "giving its own writes up", COPY, token);
    }

    /** @throws HaException if it refuses, or does not answer */
    void connect(Secret token) throws InterruptedException {
        order(AgentDoor.CONNECT, "connecting again", limit, token);
    }

    private void order(String path, String what, Duration within, Secret token) throws InterruptedException {
        HttpRequest order = request(path)
                .timeout(within)
                .header(AgentDoor.AUTHORIZATION, AgentDoor.bearer(token))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<String> response = http.send(order, HttpResponse.BodyHandlers.ofString(UTF_8));
            if (response.statusCode() != FINE) {
                throw new HaException(member + " refused the order of " + what + ": " + response.body());
            }
        } catch (IOException e) {
            throw new HaException(member + " did not answer to the order of " + what + ": " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + agent + path)).timeout(limit);
    }
}
