package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/**
 * The door to the container engine.
 *
 * <p>Testcontainers finds the engine and makes the client; what is created goes through docker-java. Safe for use by several threads.
 */
public final class Engine implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    /** How long one call may take that the engine answers at once when it is well. */
    static final Duration CALL = Duration.ofSeconds(20);

    private final DockerClient docker;
    private final Bounded bounded;
    private final Owner owner;
    private final URI address;
    private final boolean bridged;

    private Engine(DockerClient docker, Bounded bounded, URI address, boolean bridged) {
        this.docker = docker;
        this.bounded = bounded;
        this.owner = Owner.self();
        this.address = address;
        this.bridged = bridged;
    }

    /**
     * Connects to the engine: {@code DOCKER_HOST} where that is set, else the one for which the images were prepared,
     * else the one that Testcontainers finds.
     *
     * @throws EnvironmentException if none answers
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static Engine connect(Images images) throws InterruptedException {
        return connect(images, Optional.ofNullable(System.getenv("DOCKER_HOST")));
    }

    static Engine connect(Images images, Optional<String> dockerHost) throws InterruptedException {
        Bounded bounded = new Bounded("gauntlet-engine");
        try {
            return bounded.call("the container engine", CONNECT, () -> {
                TransportConfig transport = transport(images, dockerHost);
                // Not DockerClientFactory.client(): that one starts Testcontainers' own Ryuk first, from an image and
                // with settings that only environment variables can choose. See CrashCleaner.
                DockerClient docker = DockerClientProviderStrategy.getClientForConfig(transport);
                docker.pingCmd().exec();
                // The first command that names an image makes Testcontainers look for registry logins, for a third of
                // a second. They are not needed, but cannot be left out; so that goes on beside the rest.
                Future<?> logins = bounded.start(() -> docker.createContainerCmd("gauntlet"));
                log.trace("Looking for registry logins: {}", logins);
                boolean bridged = bridgeIsHere(docker);
                log.debug("Engine at {}; its bridge networks are reachable: {}", transport.getDockerHost(), bridged);
                return new Engine(docker, bounded, transport.getDockerHost(), bridged);
            });
        } catch (RuntimeException e) {
            // docker-java wraps a refused connection in a bare RuntimeException.
            bounded.close();
            throw new EnvironmentException(
                    "No container engine answers (" + rootCause(e)
                            + "); run docker/prepare, or start Docker and try again.",
                    e);
        }
    }

    private static String rootCause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("").strip();
    }

    private static TransportConfig transport(Images images, Optional<String> dockerHost) {
        Optional<URI> prepared = images.engine().map(URI::create).filter(uri -> "unix".equals(uri.getScheme()));
        if (prepared.isPresent() && dockerHost.isEmpty()) {
            return TransportConfig.builder().dockerHost(prepared.get()).build();
        }
        return DockerClientFactory.instance().getTransportConfig();
    }

    /** Whether the engine's bridges are interfaces of this machine, so that a container's own address is reachable. */
    private static boolean bridgeIsHere(DockerClient docker) {
        try {
            Network bridge = docker.inspectNetworkCmd().withNetworkId("bridge").exec();
            for (Network.Ipam.Config config : bridge.getIpam().getConfig()) {
                String gateway = config.getGateway();
                if (gateway != null && NetworkInterface.getByInetAddress(InetAddress.getByName(gateway)) != null) {
                    return true;
                }
            }
            // Some engines do not report the gateway of their default bridge; it then still bears its usual name.
            return NetworkInterface.getByName("docker0") != null;
        } catch (DockerException | SocketException | UnknownHostException e) {
            log.debug("The default bridge could not be looked at; ports will be published instead", e);
            return false;
        }
    }

    /** The client itself, for what this class has no word for. Its calls have no deadline: see {@link #call}. */
    DockerClient docker() {
        return docker;
    }

    Bounded bounded() {
        return bounded;
    }

    Owner owner() {
        return owner;
    }

    /** Whether containers are reached from here at their own addresses, rather than at published ports. */
    boolean bridged() {
        return bridged;
    }

    /** The host at which published ports are found. */
    String publishedHost() {
        String host = address.getHost();
        return host == null || host.isBlank() ? "localhost" : host;
    }

    /** Where the engine's own socket lies on the engine's machine. */
    String socket() {
        return "unix".equals(address.getScheme()) ? address.getPath() : "/var/run/docker.sock";
    }

    /** Asks the engine something, with a deadline. */
    <T> T call(String what, Callable<T> action) throws InterruptedException {
        return bounded.call(what, CALL, action);
    }

    /** Asks several things at once and waits for all. */
    <T> List<T> all(String what, List<? extends Callable<T>> actions) throws InterruptedException {
        return bounded.all(what, CALL.multipliedBy(2), actions);
    }

    /** The engine's own version, for the record of a run. */
    public String version() throws InterruptedException {
        return call(
                "the engine's version",
                () -> String.valueOf(docker.versionCmd().exec().getVersion()));
    }

    /** Lets go of this process's resources. Containers are closed by whoever started them. */
    @Override
    public void close() {
        bounded.close();
        // The client and its connections belong to Testcontainers' transport, one for a process.
    }
}
