package io.github.pggauntlet.strategy.arbiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.TestAuthority;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** What an arbiter does at etcd's door, before it says a word. Nobody here speaks more of etcd than the handshake. */
class EtcdDoorTest {

    private static final String HERE = "127.0.0.1";
    private static final Duration CALL = Duration.ofSeconds(2);
    private static final long LIMIT_SECONDS = 20;

    private final TestAuthority authority = new TestAuthority();
    private final TlsContext member = context(authority.identity("EC", "machine0"));

    @Test
    void theArbiterShowsItsMembersCertificate() throws Exception {
        assertThat(knock(context(authority.identity("RSA", HERE)), Optional.of(member)))
                .isEqualTo("CN=EC member");
    }

    @Test
    void anEtcdOfAnotherAuthorityHearsNothing() throws Exception {
        TlsContext foreign = TlsContext.of(authority.certificate(), new TestAuthority().identity("EC", HERE));

        assertThat(knock(foreign, Optional.of(member))).startsWith("none");
    }

    @Test
    void anEtcdThatIsNotTheHostThatWasAskedHearsNothing() throws Exception {
        assertThat(knock(context(authority.identity("EC", "127.0.0.2")), Optional.of(member)))
                .startsWith("none");
    }

    @Test
    void anEtcdWhoseCertificateHasExpiredHearsNothing() throws Exception {
        assertThat(knock(context(authority.expired(HERE)), Optional.of(member))).startsWith("none");
    }

    @Test
    void whoDoesWithoutTlsGetsNowhere() throws Exception {
        assertThat(knock(context(authority.identity("EC", HERE)), Optional.empty()))
                .startsWith("none");
    }

    private TlsContext context(Tls.Identity own) {
        return TlsContext.of(authority.certificate(), own);
    }

    /** Whom a server that asks for a certificate has seen, or why none. */
    private static String knock(TlsContext server, Optional<TlsContext> client) throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket) server.context()
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EtcdArbiter arbiter =
                        new EtcdArbiter("shop", List.of(new Endpoint(HERE, listening.getLocalPort())), CALL, client)) {
            SSLParameters asking = server.parameters();
            asking.setNeedClientAuth(true);
            asking.setApplicationProtocols(new String[] {"h2"});
            listening.setSSLParameters(asking);
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
                    // What comes first behind the handshake is the beginning of HTTP/2.
                    int first = socket.getInputStream().read();
                    return first == 'P' ? socket.getSession().getPeerPrincipal().getName() : "none: " + first;
                } catch (IOException e) {
                    return "none: " + e.getMessage();
                }
            });
            assertThatThrownBy(arbiter::read).isInstanceOf(ArbiterException.class);
            return seen.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
