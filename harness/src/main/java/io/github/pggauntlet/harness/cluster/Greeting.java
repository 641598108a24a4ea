package io.github.pggauntlet.harness.cluster;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Collections;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** The first message of a client that speaks TLS (ClientHello). A server answers it whoever sends it. */
final class Greeting {

    /** As short as it comes. */
    static final byte[] SHORT = greeting(new SSLParameters());

    /** The longest name of a protocol (RFC 7301), with the byte that tells its length. */
    private static final int NAME = 256;

    private Greeting() {}

    /** One of about so many bytes, at most 10,000: it asks for protocols that nobody knows. */
    static byte[] of(int bytes) {
        SSLParameters parameters = new SSLParameters();
        int names = Math.max(0, bytes - SHORT.length) / NAME;
        parameters.setApplicationProtocols(
                Collections.nCopies(names, "x".repeat(NAME - 1)).toArray(String[]::new));
        return greeting(parameters);
    }

    private static byte[] greeting(SSLParameters parameters) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            // Nobody is trusted and nobody need be: there is no second message.
            context.init(null, new TrustManager[] {}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            parameters.setProtocols(new String[] {"TLSv1.3"});
            engine.setSSLParameters(parameters);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            byte[] greeting = new byte[out.position()];
            out.flip().get(greeting);
            return greeting;
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalStateException("This Java cannot speak TLS.", e);
        }
    }
}
