package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.drbd.Witness.Answer;
import io.github.pggauntlet.strategy.drbd.Witness.Seen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The witness lets one machine write alone, whatever comes late; asked by etcd's own JSON, of a stand-in with one key. */
class WitnessTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Pattern REVISION = Pattern.compile("\"mod_revision\":\"(\\d+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"([^\"]+)\"");

    private HttpServer etcd;
    private long revision;
    private long last;
    private String value = "";

    @BeforeEach
    void start() throws IOException {
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

    @AfterEach
    void stop() {
        etcd.stop(0);
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

    private Witness of(String member) {
        Endpoint place = new Endpoint("127.0.0.1", etcd.getAddress().getPort());
        return new Witness(List.of(place), "gauntlet", member, LIMIT);
    }

    @Test
    void theFirstWhoAsksIsLetInAndStaysIn() throws InterruptedException {
        assertThat(of("machine1").obtain()).isEqualTo(Answer.GRANTED);
        assertThat(of("machine0").obtain()).isEqualTo(Answer.TAKEN);
        assertThat(of("machine1").obtain()).isEqualTo(Answer.GRANTED);
        assertThat(of("machine0").look())
                .get()
                .extracting(seen -> seen.holder().orElse(""))
                .isEqualTo("machine1");
    }

    @Test
    void whatIsReleasedCanBeHadByTheOther() throws InterruptedException {
        Witness first = of("machine0");
        first.obtain();
        first.release(first.look().orElseThrow());
        assertThat(of("machine1").obtain()).isEqualTo(Answer.GRANTED);
    }

    /** A primary saw the disks alike, the link went, DRBD's handler was granted to write alone, and only then the release. */
    @Test
    void aReleaseThatComesLateTakesNothingFromWhoWasLetInMeanwhile() throws InterruptedException {
        Witness primary = of("machine0");
        primary.obtain();
        Seen before = primary.look().orElseThrow();
        assertThat(primary.obtain()).isEqualTo(Answer.GRANTED);
        primary.release(before);
        assertThat(of("machine1").obtain()).isEqualTo(Answer.TAKEN);
    }

    @Test
    void nobodyIsLetInByAWitnessThatIsSilent() throws InterruptedException {
        etcd.stop(0);
        assertThat(of("machine0").obtain()).isEqualTo(Answer.SILENT);
        assertThat(of("machine0").look()).isEmpty();
    }

    @Test
    void ofSeveralTheOneThatAnswersIsHeard() throws InterruptedException {
        Endpoint nobody = new Endpoint("127.0.0.1", 1);
        Endpoint place = new Endpoint("127.0.0.1", etcd.getAddress().getPort());
        assertThat(new Witness(List.of(nobody, place), "gauntlet", "machine0", LIMIT).obtain())
                .isEqualTo(Answer.GRANTED);
    }
}
