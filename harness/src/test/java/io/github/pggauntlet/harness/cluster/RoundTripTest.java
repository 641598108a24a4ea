package io.github.pggauntlet.harness.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.TlsContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** What is asked of a server that speaks TLS, and the certificates that such servers show. */
class RoundTripTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final CertificateAuthority authority = new CertificateAuthority();

    @Test
    void whoSpeaksTlsAnswersAGreetingOfAnySize() throws Exception {
        TlsContext own = TlsContext.of(authority.certificate(), authority.identity("arbiter", Set.of("127.0.0.1")));
        try (SSLServerSocket server = (SSLServerSocket)
                own.context().getServerSocketFactory().createServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(server), "tls-server");
            serving.setDaemon(true);
            serving.start();
            Endpoint endpoint = new Endpoint("127.0.0.1", server.getLocalPort());

            assertThat(RoundTrip.measure(endpoint, RoundTrip.Language.TLS, LIMIT))
                    .isPositive();
            assertThat(RoundTrip.measureHeavy(endpoint, RoundTrip.Language.TLS, 10_000, LIMIT))
                    .isPositive();
        }
    }

    @Test
    void aHeavyGreetingIsAboutAsHeavyAsItIsMeantToBe() {
        assertThat(Greeting.of(100)).hasSizeBetween(100, 600);
        assertThat(Greeting.of(2_000)).hasSizeBetween(1_500, 2_100);
        assertThat(Greeting.of(10_000)).hasSizeBetween(9_500, 10_100);
    }

    @Test
    void aMembersCertificateNamesTheHostsOfItsAgentAndOfTheVirtualAddress() throws Exception {
        Routes routes = Routes.none()
                .with("machine1", "machine0", Service.POSTGRES, new Endpoint("db0", 1))
                .with("machine1", "machine0", Service.AGENT, new Endpoint("agent0", 2))
                .with(Routes.OPERATOR, "machine0", Service.AGENT, new Endpoint("10.0.0.1", 3))
                .with(Routes.CLIENTS, Routes.ADDRESS, Service.POSTGRES, new Endpoint("10.0.0.9", 4))
                .with("machine0", "machine1", Service.AGENT, new Endpoint("agent1", 5));

        Tls tls = authority.certify(List.of("machine0", "machine1"), routes);

        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        tls.identity("machine0").certificate().getBytes(StandardCharsets.US_ASCII)));
        assertThat(certificate.getSubjectAlternativeNames().stream().map(name -> String.valueOf(name.get(1))))
                .containsExactlyInAnyOrder("db0", "agent0", "10.0.0.1", "10.0.0.9");
    }

    private static void serve(SSLServerSocket server) {
        while (true) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }
}
