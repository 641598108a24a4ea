package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.pggauntlet.strategy.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An etcd with one key, as it is asked by JSON. */
final class StandInEtcd implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Pattern REVISION = Pattern.compile("\"mod_revision\":\"(\\d+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]+)\"");

    private final HttpServer etcd;
    private long revision;
    private long last;
    private String value = "";

    StandInEtcd() throws IOException {
        etcd = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        etcd.createContext(
                "/v3/kv/range",
                exchange -> answer(
                        exchange,
                        revision == 0
                                ? "{\"header\":{\"revision\":\"9\"}}"
                                : "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":\"a2V5\",\"create_revision\":\"1\",\"mod_revision\":\""
                                        + revision + "\",\"version\":\"1\",\"value\":\"" + value
                                        + "\"}],\"count\":\"1\"}"));
        etcd.createContext("/v3/kv/txn", this::change);
        etcd.start();
    }

    private synchronized void change(HttpExchange exchange) throws IOException {
        String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        Matcher wanted = REVISION.matcher(asked);
        boolean fits = wanted.find() && Long.parseLong(wanted.group(1)) == revision;
        if (fits && asked.contains("request_delete_range")) {
            revision = 0;
        } else if (fits) {
            Matcher put = VALUE.matcher(asked);
            assertThat(put.find()).isTrue();
            value = put.group(1);
            revision = ++last;
        }
        answer(exchange, fits ? "{\"header\":{},\"succeeded\":true}" : "{\"header\":{}}");
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", etcd.getAddress().getPort());
    }

    /** How a member asks it. */
    Witness of(String member) {
        return new Witness(List.of(endpoint()), "gauntlet", member, LIMIT);
    }

    @Override
    public void close() {
        etcd.stop(0);
    }
}
