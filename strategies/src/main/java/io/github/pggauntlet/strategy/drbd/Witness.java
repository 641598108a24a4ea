package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.PlainHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may write without the other machine: one record in etcd, which the first of the two takes that needs it, and which is gone
 * while the disks are alike and connected.
 *
 * <p>It is no lease: it does not run out. Whoever has it may write for as long as it likes, and whoever has it not must not,
 * however long it waits. Every grant changes the record, so that a release that was meant for an earlier state comes to
 * nothing ({@link #release}).
 *
 * <p>etcd is asked by its JSON gateway, which spares a small agent its client. Source: etcd's documentation, "gRPC gateway".
 * Safe for use by several threads.
 */
final class Witness {

    /** What the witness says. */
    enum Answer {
        /** This machine may write without the other one. */
        GRANTED,
        /** The other machine may. */
        TAKEN,
        /** Nobody has answered. */
        SILENT
    }

    /**
     * The record as it was at one moment.
     *
     * @param revision which state of it this is; 0 if there is none
     * @param holder who may write alone; empty if nobody has asked
     */
    record Seen(long revision, Optional<String> holder) {}

    private static final int FINE = 200;
    private static final int TRIES = 3;

    /** How much longer than the client's own limit an answer is waited for. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final Pattern REVISION = Pattern.compile("\"mod_revision\" ?: ?\"(\\d+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\" ?: ?\"([A-Za-z0-9+/=]*)\"");
    private static final Pattern SUCCEEDED = Pattern.compile("\"succeeded\" ?: ?true");

    private final List<Endpoint> arbiters;
    private final String key;
    private final String member;
    private final Duration limit;
    private volatile HttpClient http;

    /**
     * @param arbiters members of one etcd
     * @param cluster the cluster's name
     * @param member this machine
     * @param limit how long each of them may take to answer
     */
    Witness(List<Endpoint> arbiters, String cluster, String member, Duration limit) {
        this.arbiters = List.copyOf(arbiters);
        this.key = coded("/pg-gauntlet/" + cluster + "/writes-alone");
        this.member = member;
        this.limit = limit;
        this.http = PlainHttp.client(limit).build();
    }

    /** Takes the record, if nobody else has it. */
    Answer obtain() throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            Optional<Seen> seen = look();
            if (seen.isEmpty()) {
                return Answer.SILENT;
            }
            if (seen.get().holder().filter(holder -> !holder.equals(member)).isPresent()) {
                return Answer.TAKEN;
            }
            Optional<Boolean> done = change(
                    seen.get().revision(),
                    "{\"request_put\":{\"key\":\"" + key + "\",\"value\":\"" + coded(member) + "\"}}");
            if (done.orElse(false)) {
                return Answer.GRANTED;
            }
        }
        // Somebody changes it as fast as it is read, or it is not known whether the change was made.
        return Answer.SILENT;
    }

    /** The record as it is now; empty if nobody answers. */
    Optional<Seen> look() throws InterruptedException {
        return ask("/v3/kv/range", "{\"key\":\"" + key + "\"}").map(Witness::seen);
    }

    static Seen seen(String answer) {
        Matcher revision = REVISION.matcher(answer);
        Matcher value = VALUE.matcher(answer);
        return revision.find() && value.find()
                ? new Seen(
                        Long.parseLong(revision.group(1)),
                        Optional.of(new String(Base64.getDecoder().decode(value.group(1)), UTF_8)))
                : new Seen(0, Optional.empty());
    }

    /**
     * Removes the record, unless it has changed since it was seen. What allows it must have been looked at after the record
     * was: then nobody can have been granted it in between.
     */
    void release(Seen seen) throws InterruptedException {
        if (seen.revision() > 0) {
            change(seen.revision(), "{\"request_delete_range\":{\"key\":\"" + key + "\"}}");
        }
    }

    private Optional<Boolean> change(long revision, String order) throws InterruptedException {
        return ask(
                        "/v3/kv/txn",
                        "{\"compare\":[{\"key\":\"" + key
                                + "\",\"target\":\"MOD\",\"result\":\"EQUAL\",\"mod_revision\":\"" + revision
                                + "\"}],\"success\":[" + order + "]}")
                .map(answer -> SUCCEEDED.matcher(answer).find());
    }

    private Optional<String> ask(String path, String question) throws InterruptedException {
        for (Endpoint arbiter : arbiters) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + arbiter + path))
                    .timeout(limit)
                    .POST(HttpRequest.BodyPublishers.ofString(question))
                    .build();
            CompletableFuture<HttpResponse<String>> answer =
                    http.sendAsync(request, HttpResponse.BodyHandlers.ofString(UTF_8));
            try {
                HttpResponse<String> response = answer.get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
                if (response.statusCode() == FINE) {
                    return Optional.of(response.body());
                }
            } catch (ExecutionException e) {
                // The next one may answer.
            } catch (TimeoutException e) {
                // The client's own limit counts neither what comes before the connection nor the body, and a client
                // that is
                // stuck stays so.
                answer.cancel(true);
                http = PlainHttp.client(limit).build();
            }
        }
        return Optional.empty();
    }

    private static String coded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
