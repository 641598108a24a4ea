package io.github.pggauntlet.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsContextTest {

    private static final String HERE = "127.0.0.1";
    private static final long LIMIT_SECONDS = 20;

    private final TestAuthority authority = new TestAuthority();

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void twoThatTrustTheSameAuthorityKnowEachOtherByKeysOfEachKind(String algorithm) throws Exception {
        assertThat(meet(
                        context(authority.identity(algorithm, HERE)),
                        context(authority.identity(algorithm, "elsewhere"))))
                .isEqualTo("CN=" + algorithm + " member");
    }

    @Test
    void whoShowsACertificateOfAnotherAuthorityIsRefusedByEitherSide() {
        TestAuthority other = new TestAuthority();
        TlsContext good = context(authority.identity("EC", HERE));
        TlsContext foreign = TlsContext.of(authority.certificate(), other.identity("EC", HERE));

        assertThatThrownBy(() -> meet(foreign, good)).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> meet(good, foreign)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> meet(good, TlsContext.trusting(authority.certificate())))
                .as("one that shows nothing at all")
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoIsNotTheHostThatWasAskedIsRefused() {
        TlsContext server = context(authority.identity("EC", "127.0.0.2", "localhost.example"));

        assertThatThrownBy(() -> meet(server, context(authority.identity("EC", HERE))))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining(HERE);
    }

    @Test
    void whatHasExpiredIsRefusedByEitherSide() {
        TlsContext good = context(authority.identity("EC", HERE));
        TlsContext late = context(authority.expired(HERE));

        assertThatThrownBy(() -> meet(late, good)).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> meet(good, late)).isInstanceOf(IOException.class);
    }

    /** Everything that is wrong with a key is said in one sentence that tells what to do, and shows nothing of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PRIVATE KEY | EC PRIVATE KEY | older form 'EC PRIVATE KEY'; convert it to PKCS #8",
                "PRIVATE KEY | ENCRYPTED PRIVATE KEY | locked by a password",
                "PRIVATE KEY | PUBLIC KEY | no section BEGIN PRIVATE KEY",
            })
    void aKeyInAnotherFormIsToldFromOneInNone(String form, String other, String told) {
        Tls.Identity good = authority.identity("EC", HERE);
        String pem =
                good.key().reveal().replace("BEGIN " + form, "BEGIN " + other).replace("END " + form, "END " + other);

        assertThatThrownBy(() -> context(new Tls.Identity(good.certificate(), new Secret(pem))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CN=EC member")
                .hasMessageContaining(told)
                .satisfies(failure -> assertThat(told(failure)).doesNotContain(inner(good.key())));
    }

    @Test
    void aKeyThatDoesNotBelongToItsCertificateIsSaid() {
        Tls.Identity one = authority.identity("EC", HERE);
        Tls.Identity two = authority.identity("EC", HERE);
        Tls.Identity three = authority.identity("RSA", HERE);

        assertThatThrownBy(() -> context(new Tls.Identity(one.certificate(), two.key())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not belong to its certificate");
        assertThatThrownBy(() -> context(new Tls.Identity(one.certificate(), three.key())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no readable key of the kind EC")
                .satisfies(failure -> assertThat(told(failure)).doesNotContain(inner(three.key())));
        String cut = one.key().reveal().replaceFirst("\n....", "\n");
        assertThatThrownBy(() -> context(new Tls.Identity(one.certificate(), new Secret(cut))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCertificateThatIsNoneIsSaid() {
        Tls.Identity good = authority.identity("EC", HERE);

        assertThatThrownBy(() -> TlsContext.trusting("/etc/ssl/authority.pem"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of the authority cannot be read")
                .hasMessageContaining("give it in PEM");
        assertThatThrownBy(() -> context(new Tls.Identity("", good.key())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of the member cannot be read");
        assertThatThrownBy(
                        () -> TlsContext.trusting("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("what its section BEGIN CERTIFICATE holds is none");
    }

    @Test
    void aMemberWithoutACertificateIsNamed() {
        assertThatThrownBy(() -> authority.tls("machine0", HERE).of("machine1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("machine1");
    }

    private TlsContext context(Tls.Identity own) {
        return TlsContext.of(authority.certificate(), own);
    }

    /** All that a log would show of it. */
    private static String told(Throwable failure) {
        StringBuilder told = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            told.append(each);
        }
        return told.toString();
    }

    private static String inner(Secret key) {
        return key.reveal().lines().skip(1).findFirst().orElseThrow();
    }

    /** A client meets a server that asks it for a certificate; each side checks the other. Tells whom the server has seen. */
    private static String meet(TlsContext server, TlsContext client) throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket)
                server.context().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SSLParameters asking = server.parameters();
            asking.setNeedClientAuth(true);
            listening.setSSLParameters(asking);
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
                    socket.getOutputStream().write(socket.getInputStream().read());
                    return socket.getSession().getPeerPrincipal().getName();
                } catch (IOException e) {
                    return "none: " + e.getMessage();
                }
            });
            try (SSLSocket socket =
                    (SSLSocket) client.context().getSocketFactory().createSocket(HERE, listening.getLocalPort())) {
                SSLParameters checking = client.parameters();
                checking.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(checking);
                socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
                socket.getOutputStream().write('x');
                // In TLS 1.3 a client learns only from what comes back that the server did not want it.
                if (socket.getInputStream().read() != 'x') {
                    throw new SSLException("hung up");
                }
            }
            return seen.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
