package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.Endpoint;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A question that each kind of server answers at once, without being logged in and without a change to anything. A
 * connection alone would measure nothing, since the proxy itself accepts it.
 */
final class RoundTrip {

    /** PostgreSQL's SSLRequest: any postmaster answers it with one byte, whatever state it is in. */
    private static final byte[] SSL_REQUEST =
            ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array();

    private static final byte[] HTTP_REQUEST = "GET /version HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What a server understands. */
    enum Language {
        POSTGRES,
        HTTP,
        /** It is greeted, and hung up on as soon as it greets back or declines: nobody needs a certificate for that. */
        TLS
    }

    private RoundTrip() {}

    /**
     * Asks and measures.
     *
     * @throws IOException if nobody answers within the limit
     */
    static Duration measure(Endpoint endpoint, Language language, Duration limit) throws IOException {
        return measure(
                endpoint,
                switch (language) {
                    case POSTGRES -> SSL_REQUEST;
                    case HTTP -> HTTP_REQUEST;
                    case TLS -> Greeting.SHORT;
                },
                limit);
    }

    /** The same with a question of so many bytes, which nobody understands and everybody answers. */
    static Duration measureHeavy(Endpoint endpoint, Language language, int bytes, Duration limit) throws IOException {
        return measure(endpoint, heavy(language, bytes), limit);
    }

    /** A startup packet of a protocol that there is not; a path that there is not; the names of protocols that there are not. */
    private static byte[] heavy(Language language, int bytes) {
        if (language == Language.POSTGRES) {
            return ByteBuffer.allocate(bytes).putInt(bytes).array();
        }
        if (language == Language.TLS) {
            return Greeting.of(bytes);
        }
        String path = "x".repeat(Math.max(0, bytes - HTTP_REQUEST.length));
        return ("GET /version/" + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static Duration measure(Endpoint endpoint, byte[] question, Duration limit) throws IOException {
        int millis = (int) Math.max(1, limit.toMillis());
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(millis);
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), millis);
            long asked = System.nanoTime();
            socket.getOutputStream().write(question);
            if (socket.getInputStream().read() < 0) {
                throw new EOFException("the connection was closed without an answer");
            }
            return Duration.ofNanos(System.nanoTime() - asked);
        }
    }

    /**
     * Whether nothing at all comes back: no connection, or no byte and no end on it. One that is refused or closed is a sign
     * that packets arrive.
     */
    static boolean isSilent(Endpoint endpoint, Language language, Duration limit) {
        try {
            measure(endpoint, language, limit);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until somebody answers. */
    static void await(Endpoint endpoint, Language language, String what, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
            try {
                measure(endpoint, language, left.compareTo(Duration.ofSeconds(1)) < 0 ? left : Duration.ofSeconds(1));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw new EnvironmentException(
                            "Waited " + Bounded.seconds(limit) + " for an answer from " + what + " at " + endpoint
                                    + "; seen: " + e + ".",
                            e);
                }
            }
            Thread.sleep(3);
        }
    }
}
