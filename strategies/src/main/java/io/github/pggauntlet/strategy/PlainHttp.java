package io.github.pggauntlet.strategy;

import java.net.http.HttpClient;
import java.security.Provider;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * HTTP clients that never speak TLS. Left to itself Java's client reads, before its first request, all authorities that this
 * Java trusts, and an agent would keep them in its memory for nothing.
 */
public final class PlainHttp {

    private PlainHttp() {}

    /**
     * A client for HTTP 1.1, which refuses addresses that begin with {@code https}.
     *
     * @param connect how long a connection may take to be made
     */
    public static HttpClient.Builder client(Duration connect) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .sslContext(new NoTls());
    }

    private static final class NoTls extends SSLContext {
        NoTls() {
            super(new Refusal(), new Nobody(), "none");
        }
    }

    private static final class Nobody extends Provider {

        private static final long serialVersionUID = 1;

        Nobody() {
            super("none", "1", "speaks no TLS");
        }
    }

    private static final class Refusal extends SSLContextSpi {

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random) {
            throw refused();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw refused();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw refused();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw refused();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw refused();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw refused();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw refused();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return new SSLParameters(new String[0], new String[0]);
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return engineGetDefaultSSLParameters();
        }

        private static UnsupportedOperationException refused() {
            return new UnsupportedOperationException("This client speaks no TLS; give it an address of http://.");
        }
    }
}
