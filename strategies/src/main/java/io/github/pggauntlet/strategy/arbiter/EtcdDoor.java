package io.github.pggauntlet.strategy.arbiter;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.TlsContext;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * How etcd is reached.
 *
 * <p>Over TLS each connection is to prove that it leads to the host of its own endpoint: jetcd makes that the authority of
 * the connection, and gRPC compares it with the names in the certificate.
 */
final class EtcdDoor {

    private static final int RETRY_MILLIS = 20;

    private final List<Endpoint> endpoints;
    private final Duration limit;
    private final Optional<SslContext> tls;

    /**
     * @param endpoints where etcd answers
     * @param limit how long to wait for one answer
     * @param tls what to prove oneself with and whom to trust; empty to do without TLS
     */
    EtcdDoor(List<Endpoint> endpoints, Duration limit, Optional<TlsContext> tls) {
        this.endpoints = List.copyOf(endpoints);
        this.limit = limit;
        this.tls = tls.map(EtcdDoor::forNetty);
    }

    private static SslContext forNetty(TlsContext tls) {
        try {
            // Java's own TLS, also where the application beside has brought another one.
            return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .keyManager(tls.keys())
                    .trustManager(tls.trust())
                    .protocols(TlsContext.VERSION)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("This Java cannot speak TLS to etcd: " + e.getMessage(), e);
        }
    }

    /** A new client. It connects when it is first used. */
    Client open() {
        String scheme = tls.isPresent() ? "https://" : "http://";
        ClientBuilder client = Client.builder()
                .endpoints(endpoints.stream().map(endpoint -> scheme + endpoint).toArray(String[]::new))
                .connectTimeout(limit)
                .retryDelay(RETRY_MILLIS)
                .retryMaxDelay(2L * RETRY_MILLIS)
                .retryChronoUnit(ChronoUnit.MILLIS)
                .retryMaxDuration(limit)
                .waitForReady(true);
        tls.ifPresent(context -> client.sslContext(context));
        return client.build();
    }

    @Override
    public String toString() {
        return endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(", "));
    }
}
