package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.host.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Machines that run, the links between them, and the arbiter: everything a strategy is installed on, and nothing
 * installed yet. Closing it removes every container, network and volume of it.
 *
 * <p>Safe for use by several threads.
 */
public final class TestCluster implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TestCluster.class);
    private static final long CLOSE_SECONDS = 90;

    private final Engine engine;
    private final Ownership ownership;
    private final Map<String, Machine> machines;
    private final Map<String, Machine> arbiters;
    private final Links links;
    private final PacketFilter filter;
    private final Routes routes;
    private final NodeLogs logs;
    private final StartupTimes startup;
    private final Future<Optional<CrashCleaner>> cleaner;
    private final Optional<AddressCensus> census;
    private final Optional<Tls> tls;
    private final Optional<GuestKey> key;
    private final Thread atExit;
    private final AtomicBoolean closed = new AtomicBoolean();

    TestCluster(
            Engine engine,
            Ownership ownership,
            Map<String, Machine> machines,
            Map<String, Machine> arbiters,
            Links links,
            PacketFilter filter,
            NodeLogs logs,
            StartupTimes startup,
            Future<Optional<CrashCleaner>> cleaner,
            Optional<AddressCensus> census,
            Optional<CertificateAuthority> authority,
            Optional<GuestKey> key) {
        this.engine = engine;
        this.ownership = ownership;
        this.machines = java.util.Collections.unmodifiableMap(machines);
        this.arbiters = java.util.Collections.unmodifiableMap(arbiters);
        this.links = links;
        this.filter = filter;
        this.routes = links.routes(List.copyOf(machines.keySet()));
        this.logs = logs;
        this.startup = startup;
        this.cleaner = cleaner;
        this.census = census;
        this.tls = authority.map(signer -> signer.certify(List.copyOf(machines.keySet()), routes));
        this.key = key;
        this.atExit = new Thread(this::removeAll, "gauntlet-remove-" + ownership.run());
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Builds and starts a cluster. What a killed run of this machine has left behind is removed on the way.
     *
     * @throws EnvironmentException if the engine does not answer, an image is missing, or something does not start
     * @throws InterruptedException if the calling thread is interrupted; what had been started is removed
     */
    public static TestCluster start(Engine engine, Images images, Topology topology) throws InterruptedException {
        return new ClusterBuilder(engine, images, topology).start();
    }

    /** The id that the labels of everything in this cluster carry. */
    public String run() {
        return ownership.run();
    }

    /** The names of the machines that carry PostgreSQL, in order. */
    public List<String> members() {
        return List.copyOf(machines.keySet());
    }

    /** The doors to the members' machines, in the same order. */
    public List<Host> hosts() {
        return machines.values().stream().<Host>map(Machine::host).toList();
    }

    /**
     * A member's machine.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Machine machine(String member) {
        return Optional.ofNullable(machines.get(member))
                .orElseThrow(() -> new IllegalArgumentException("There is no machine '" + member + "'; there are: "
                        + String.join(", ", machines.keySet()) + "."));
    }

    /** The names of the arbiters, the one named {@code arbiter} first. */
    public List<String> arbiters() {
        return List.copyOf(arbiters.keySet());
    }

    /**
     * An arbiter's machine. It has no init: no command can be run there.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Machine arbiter(String name) {
        return Optional.ofNullable(arbiters.get(name))
                .orElseThrow(() -> new IllegalArgumentException("There is no arbiter '" + name + "'; there are: "
                        + String.join(", ", arbiters.keySet()) + "."));
    }

    /** What drops packets, on the links and on the direct routes between machines. */
    public PacketFilter filter() {
        return filter;
    }

    /** How the parties reach each other: each directed link through a proxy of its own. */
    public Routes routes() {
        return routes;
    }

    /** The members' certificates and keys, of the authority that the arbiters trust; empty where TLS was not asked for. */
    public Optional<Tls> tls() {
        return tls;
    }

    /** The links, to be made slow and healed. */
    public Links links() {
        return links;
    }

    /** Who counts those that answer for the virtual address, if there is one. */
    public Optional<AddressCensus> census() {
        return census;
    }

    /** By what one machine can have another one's power cut, if it is given a hand to. */
    public PowerSwitch power() {
        return new PowerSwitch(engine, machines);
    }

    /** What the start spent its time on. */
    public StartupTimes startup() {
        return startup;
    }

    /**
     * Writes every container's output and the log files on every member's disk into a directory. It takes what it can
     * get: what cannot be had is said in a file {@code missing.txt} there.
     *
     * @param directory where to; it is made if it is not there
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void collectLogs(Path directory) throws InterruptedException {
        logs.collect(directory);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            removeAll();
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException e) {
                log.trace("The process is ending already", e);
            }
        }
    }

    private void removeAll() {
        // On a thread of its own: an interrupted run must clean up too, and its own waits would all fail at once.
        Future<Boolean> removal = engine.bounded().start(() -> {
            new Sweep(engine).run(ownership.run());
            machines.values().forEach(Machine::letGo);
            key.ifPresent(GuestKey::close);
            cleaner.get(CLOSE_SECONDS, TimeUnit.SECONDS).ifPresent(CrashCleaner::close);
            return true;
        });
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        while (true) {
            try {
                removal.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException | TimeoutException e) {
                log.warn(
                        "The containers of run {} could not be removed ({}); the next run removes them",
                        ownership.run(),
                        e.toString());
                log.debug("Removal failed", e);
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
