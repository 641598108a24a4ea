package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.PlainHttp;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.TlsContext;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Talks to agents over HTTP, or over HTTPS to those that prove to be the host that was asked. Safe for use by several threads.
 */
final class AgentClient implements Peers {

    /** Where arbiters ask each other. */
    static final String QUESTIONS = "/question";

    /** Where an agent is told who shall take over. */
    static final String FAVOUR = "/favour";

    /** The parameter of an order that names a member. */
    static final String TARGET = "to";

    private static final int OK = 200;

    private final Map<String, Endpoint> agents;
    private final Duration limit;
    private final JsonMapper json;
    private final String scheme;
    private final HttpClient http;

    /**
     * @param agents where each agent is reached
     * @param tls whom to trust; empty for HTTP without TLS
     * @param limit how long to wait for one answer
     */
    AgentClient(Map<String, Endpoint> agents, Optional<TlsContext> tls, Duration limit, JsonMapper json) {
        this.agents = Map.copyOf(agents);
        this.limit = limit;
        this.json = json;
        this.scheme = scheme(tls.isPresent());
        HttpClient.Builder client = PlainHttp.client(limit);
        // With these the JDK's client also compares the host's name with those in the certificate.
        tls.ifPresent(trusted -> client.sslContext(trusted.context()).sslParameters(trusted.parameters()));
        this.http = client.build();
    }

    /** How an agent's address begins. */
    static String scheme(boolean encrypted) {
        return encrypted ? "https://" : "http://";
    }

    @Override
    public List<NodeStatus> ask(List<String> members) throws InterruptedException {
        List<CompletableFuture<NodeStatus>> answers =
                members.stream().map(this::status).toList();
        List<NodeStatus> statuses = new java.util.ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            statuses.add(settled(answers.get(i), members.get(i)));
        }
        return List.copyOf(statuses);
    }

    private CompletableFuture<NodeStatus> status(String member) {
        return http.sendAsync(request(member, "/status").GET().build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> json.readValue(response.body(), NodeStatus.class));
    }

    private NodeStatus settled(CompletableFuture<NodeStatus> answer, String member) throws InterruptedException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return NodeStatus.unreachable(member, Instant.now(), String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return NodeStatus.unreachable(member, Instant.now(), "no answer within " + limit.toMillis() + " ms");
        }
    }

    /** The journal of a member after a sequence number; empty if it does not answer. */
    List<JournalEntry> journal(String member, long after) {
        try {
            HttpResponse<String> response = http.sendAsync(
                            request(member, "/journal?after=" + after).GET().build(),
                            HttpResponse.BodyHandlers.ofString())
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return json.readValue(response.body(), new TypeReference<List<JournalEntry>>() {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException | TimeoutException | JacksonException e) {
            return List.of();
        }
    }

    /** What a member answers at a path; empty if it does not answer. */
    Optional<String> read(String member, String path) throws InterruptedException {
        try {
            return Optional.of(http.sendAsync(request(member, path).GET().build(), HttpResponse.BodyHandlers.ofString())
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .body());
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Tells a member's agent who shall take over; whether it has taken note. */
    boolean favour(String member, String favoured, Secret token) throws InterruptedException {
        HttpRequest order = request(member, FAVOUR + query(Optional.of(favoured)))
                .header("Authorization", "Bearer " + token.reveal())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return http.sendAsync(order, HttpResponse.BodyHandlers.ofString())
                            .get(limit.toMillis(), TimeUnit.MILLISECONDS)
                            .statusCode()
                    == OK;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static String query(Optional<String> target) {
        return target.map(member -> "?" + TARGET + "=" + URLEncoder.encode(member, UTF_8))
                .orElse("");
    }

    /**
     * Orders a member, the primary, to give up its role.
     *
     * @param target who shall have it; empty if that is left to the members
     */
    void stepDown(String member, Optional<String> target, Secret token) throws InterruptedException {
        HttpRequest order = request(member, AgentApi.SWITCHOVER + query(target))
                .header("Authorization", "Bearer " + token.reveal())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<String> response = http.sendAsync(order, HttpResponse.BodyHandlers.ofString())
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new HaException(member + " refused the switchover: " + response.body());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new HaException(member + " did not answer to the order of a switchover.", e);
        }
    }

    /** Asks a member's arbiter; empty if no answer came in time. */
    Optional<String> question(String member, String question, Secret token) throws InterruptedException {
        HttpRequest asked = request(member, QUESTIONS)
                .header("Authorization", "Bearer " + token.reveal())
                .POST(HttpRequest.BodyPublishers.ofString(question))
                .build();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(asked, HttpResponse.BodyHandlers.ofString());
        try {
            HttpResponse<String> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return response.statusCode() == OK
                    ? Optional.of(json.readValue(response.body(), String.class))
                    : Optional.empty();
        } catch (ExecutionException | JacksonException e) {
            return Optional.empty();
        } catch (TimeoutException e) {
            answer.cancel(true);
            return Optional.empty();
        }
    }

    private HttpRequest.Builder request(String member, String path) {
        Endpoint endpoint = agents.get(member);
        if (endpoint == null) {
            throw new IllegalArgumentException("There is no member '" + member + "'.");
        }
        return HttpRequest.newBuilder(URI.create(scheme + endpoint + path)).timeout(limit);
    }
}
