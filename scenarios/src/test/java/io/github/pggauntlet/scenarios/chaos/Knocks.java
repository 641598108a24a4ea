package io.github.pggauntlet.scenarios.chaos;

import io.github.pggauntlet.harness.cluster.CertificateAuthority;
import io.github.pggauntlet.harness.run.Stage;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.TlsContext;
import io.github.pggauntlet.strategy.arbiter.ArbiterException;
import io.github.pggauntlet.strategy.arbiter.EtcdArbiter;
import io.github.pggauntlet.strategy.host.Command;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What strangers and friends hear at the doors of a cluster that speaks TLS, and what can be seen from within its machines.
 *
 * @param doors by the party's name
 * @param processes by member, the command lines and environments of all its processes
 * @param files by member, the modes, owners and names of the files with secrets
 */
record Knocks(Map<String, Heard> doors, Map<String, String> processes, Map<String, String> files) {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** All that is done at one door. */
    private static final Duration VISIT = Duration.ofSeconds(30);

    /** How long to wait for a word that shall not come. */
    private static final Duration REFUSED = Duration.ofSeconds(1);

    private static final String PROCESSES = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '";

    private static final List<String> FILES = List.of(
            "find",
            "/var/lib/gauntlet",
            "-type",
            "f",
            "(",
            "-name",
            "agent.json",
            "-o",
            "-name",
            "pgpass",
            "-o",
            "-name",
            "server.key",
            ")",
            "-printf",
            "%m %u %f\\n");

    /**
     * What is heard at one door.
     *
     * @param plain the answer to a question without TLS
     * @param friend whether who has what it takes is let in
     * @param foreign whether who has a certificate, but of another authority, is let in; agents ask nobody for one
     * @param nameless whether who has none is let in where one is asked for
     */
    record Heard(String plain, boolean friend, boolean foreign, boolean nameless) {}

    /** Knocks at every agent and at one arbiter at the same time: whoever is refused is not told so, and waits. */
    static Knocks at(ClusterSpec spec, Stage stage) throws InterruptedException {
        Map<String, Endpoint> doors = new TreeMap<>();
        Map<String, Callable<Heard>> visits = new TreeMap<>();
        Tls tls = spec.credentials().tls().orElseThrow();
        spec.routes().table().forEach((link, endpoint) -> {
            // One arbiter stands for all: they are told the same, and each visit there costs a client of its own.
            if (link.from().equals(Routes.OPERATOR)
                    && (link.service() == Service.AGENT || link.to().equals(Routes.ARBITER))) {
                doors.put(link.to(), endpoint);
                visits.put(
                        link.to(),
                        link.service() == Service.AGENT ? () -> agent(endpoint, tls) : () -> arbiter(endpoint, tls));
            }
        });
        Map<String, Heard> heard = new TreeMap<>();
        ExecutorService visitors = Executors.newFixedThreadPool(doors.size());
        try {
            Map<String, Future<Heard>> under = new TreeMap<>();
            visits.forEach((door, visit) -> under.put(door, visitors.submit(visit)));
            for (Map.Entry<String, Future<Heard>> each : under.entrySet()) {
                heard.put(each.getKey(), each.getValue().get(VISIT.toSeconds(), TimeUnit.SECONDS));
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Nothing was heard at one of " + doors + ".", e);
        } finally {
            visitors.shutdownNow();
        }
        Map<String, String> processes = new TreeMap<>();
        Map<String, String> files = new TreeMap<>();
        for (String each : spec.members()) {
            processes.put(
                    each,
                    stage.shell(each, Command.of(LIMIT, "sh", "-c", PROCESSES)).output());
            files.put(
                    each,
                    stage.shell(each, new Command(FILES, Map.of(), LIMIT))
                            .orFail()
                            .output());
        }
        return new Knocks(heard, processes, files);
    }

    private static Heard agent(Endpoint endpoint, Tls tls) throws InterruptedException {
        return new Heard(
                plain(endpoint, "/primary"), answers(endpoint, TlsContext.trusting(tls.authority())), false, false);
    }

    private static Heard arbiter(Endpoint endpoint, Tls tls) throws InterruptedException {
        TlsContext member =
                TlsContext.of(tls.authority(), tls.members().values().iterator().next());
        TlsContext stranger =
                TlsContext.of(tls.authority(), new CertificateAuthority().identity("machine0", Set.of("toxiproxy")));
        TlsContext nobody = TlsContext.trusting(tls.authority());
        return new Heard(
                plain(endpoint, "/version"),
                reads(endpoint, member, LIMIT),
                reads(endpoint, stranger, REFUSED),
                reads(endpoint, nobody, REFUSED));
    }

    private static String plain(Endpoint endpoint, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), (int) LIMIT.toMillis());
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean answers(Endpoint agent, TlsContext tls) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(LIMIT)
                .sslContext(tls.context())
                .sslParameters(tls.parameters())
                .build();
        try {
            return client.send(
                                    HttpRequest.newBuilder(URI.create("https://" + agent + "/status"))
                                            .timeout(LIMIT)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean reads(Endpoint etcd, TlsContext tls, Duration limit) throws InterruptedException {
        try (EtcdArbiter arbiter = new EtcdArbiter("gauntlet", List.of(etcd), limit, Optional.of(tls))) {
            return arbiter.read().systemIdentifier().isPresent();
        } catch (ArbiterException e) {
            return false;
        }
    }
}
