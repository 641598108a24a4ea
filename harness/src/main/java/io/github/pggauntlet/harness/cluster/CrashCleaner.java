package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import io.github.pggauntlet.strategy.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Testcontainers' Ryuk, watching over one run: when this process's connection to it ends, it removes everything of the
 * run and then itself. A convenience, since {@link Sweep} removes the same at the next start; so nothing depends on it.
 *
 * <p>It is started here and not by Testcontainers, which starts it before anything else, waits up to two minutes for an
 * image of its own choice, asks for a privileged container, and lets it linger for ten seconds after each run.
 */
final class CrashCleaner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CrashCleaner.class);
    private static final int PORT = 8080;
    private static final Duration START = Duration.ofSeconds(10);

    private final DockerClient docker;
    private final String container;
    private final Socket lifeline;

    private CrashCleaner(DockerClient docker, String container, Socket lifeline) {
        this.docker = docker;
        this.container = container;
        this.lifeline = lifeline;
    }

    static CrashCleaner start(Engine engine, String image, Ownership run) throws InterruptedException, IOException {
        DockerClient docker = engine.docker();
        // Another run's id, so that it does not match what it is told to remove.
        Ownership own = new Ownership(run.run() + "-ryuk", run.owner());
        ExposedPort port = ExposedPort.tcp(PORT);
        HostConfig config = HostConfig.newHostConfig()
                .withAutoRemove(true)
                .withBinds(new Bind(engine.socket(), new Volume("/var/run/docker.sock")));
        if (!engine.bridged()) {
            config.withPublishAllPorts(true);
        }
        String container = docker.createContainerCmd(image)
                .withName("gauntlet-" + run.run() + "-ryuk")
                .withLabels(own.labels())
                .withExposedPorts(port)
                .withEnv("RYUK_PORT=" + PORT, "RYUK_RECONNECTION_TIMEOUT=1s")
                .withHostConfig(config)
                .exec()
                .getId();
        try {
            docker.startContainerCmd(container).exec();
            Endpoint endpoint =
                    Addresses.of(engine, docker.inspectContainerCmd(container).exec(), PORT);
            Socket lifeline = connect(endpoint);
            try {
                watch(lifeline, Ownership.RUN + "=" + run.run());
            } catch (IOException e) {
                lifeline.close();
                throw e;
            }
            return new CrashCleaner(docker, container, lifeline);
        } catch (DockerException | IOException | EnvironmentException e) {
            remove(docker, container);
            throw e;
        }
    }

    private static Socket connect(Endpoint endpoint) throws InterruptedException, IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            Socket socket = new Socket();
            try {
                socket.setSoTimeout((int) START.toMillis());
                socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), (int) START.toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(10);
            }
        }
    }

    private static void watch(Socket lifeline, String label) throws IOException {
        String filter = "label=" + URLEncoder.encode(label, StandardCharsets.UTF_8) + "\n";
        lifeline.getOutputStream().write(filter.getBytes(StandardCharsets.UTF_8));
        String answer =
                new BufferedReader(new InputStreamReader(lifeline.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!"ACK".equals(answer)) {
            throw new IOException("Ryuk answered '" + answer + "' and not 'ACK'");
        }
    }

    private static void remove(DockerClient docker, String container) {
        try {
            docker.removeContainerCmd(container).withForce(true).exec();
        } catch (NotFoundException e) {
            log.trace("Ryuk has gone by itself", e);
        } catch (DockerException | UncheckedIOException e) {
            log.debug("Ryuk could not be removed; it goes by itself", e);
        }
    }

    /** Removes Ryuk before it notices that nobody is there any more. */
    @Override
    public void close() {
        remove(docker, container);
        try {
            lifeline.close();
        } catch (IOException e) {
            log.trace("The connection to Ryuk was closed already", e);
        }
    }
}
