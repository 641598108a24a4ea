package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A way to a server that a test can cut, and on which it can hold back what was sent on the connections there are while
 * new ones pass: so that a request is late, and its sender long gone.
 */
final class Relay implements AutoCloseable {

    private final Endpoint target;
    private final ServerSocket server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile boolean cut;

    Relay(Endpoint target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.getLocalPort());
    }

    /** From now on there is no way, or there is one again. */
    void cut(boolean now) {
        cut = now;
        if (now) {
            connections.forEach(Connection::close);
            connections.clear();
        }
    }

    /** What is sent from now on by the connections that there are now is kept back. */
    void hold() {
        connections.forEach(connection -> connection.holding = true);
    }

    /** How many bytes are kept back. */
    int held() {
        return connections.stream().mapToInt(Connection::held).sum();
    }

    /** What is sent from now on by connections whose words are kept back is lost. */
    void seal() {
        connections.forEach(connection -> connection.sealed |= connection.holding);
    }

    /** What was kept back arrives. */
    void deliver() throws IOException {
        for (Connection connection : connections) {
            connection.deliver();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (cut) {
                    client.close();
                } else {
                    connections.add(new Connection(client, new Socket(target.host(), target.port())));
                }
            } catch (IOException e) {
                // The relay is closed, or the server is not there: the client sees a connection that ends.
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Connection {

        private final Socket client;
        private final Socket upstream;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private volatile boolean holding;
        private volatile boolean sealed;

        Connection(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
            daemon(this::forward);
            daemon(this::back);
        }

        private void forward() {
            byte[] buffer = new byte[65536];
            try {
                InputStream in = client.getInputStream();
                OutputStream out = upstream.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!holding) {
                        out.write(buffer, 0, n);
                    } else if (!sealed) {
                        keep(buffer, n);
                    }
                }
                if (!holding) {
                    close();
                }
            } catch (IOException e) {
                if (!holding) {
                    close();
                }
            }
        }

        private synchronized void keep(byte[] buffer, int n) {
            kept.write(buffer, 0, n);
        }

        private synchronized int held() {
            return kept.size();
        }

        private synchronized void deliver() throws IOException {
            upstream.getOutputStream().write(kept.toByteArray());
            kept.reset();
        }

        private void back() {
            byte[] buffer = new byte[65536];
            try {
                InputStream in = upstream.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!holding) {
                        out.write(buffer, 0, n);
                    }
                }
                close();
            } catch (IOException e) {
                if (!holding) {
                    close();
                }
            }
        }

        private void close() {
            for (Socket socket : List.of(client, upstream)) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        connections.forEach(Connection::close);
    }
}
