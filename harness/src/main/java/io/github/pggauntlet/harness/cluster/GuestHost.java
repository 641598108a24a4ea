package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.host.ssh.SshAccess;
import io.github.pggauntlet.strategy.host.ssh.SshHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A machine with a kernel of its own: a virtual machine that has taken its container's place in the network. Commands reach
 * it over SSH; the container is only where QEMU runs.
 *
 * <p>The same object serves after the machine was killed and started again, also under another address. Safe for use by
 * several threads.
 */
final class GuestHost implements Host, AutoCloseable {

    static final int SSH = 22;

    /** Where the container keeps the disks and keys of the guest. */
    static final String DISKS = "/var/lib/guest";

    private static final String HOST_KEY = DISKS + "/ssh_host_ed25519_key.pub";

    /** Ten times what it takes where nothing else runs: a guest without hardware acceleration shares the processors. */
    static final Duration BOOT = Duration.ofSeconds(150);

    private static final Duration TRY = Duration.ofSeconds(20);
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final ContainerHost container;
    private final Engine engine;
    private final GuestKey key;
    private Optional<SshHost> door = Optional.empty();

    GuestHost(ContainerHost container, Engine engine, GuestKey key) {
        this.container = container;
        this.engine = engine;
        this.key = key;
    }

    @Override
    public String name() {
        return container.name();
    }

    @Override
    public String address() {
        return container.address();
    }

    @Override
    public CommandResult run(Command command) throws InterruptedException {
        return door().run(command);
    }

    @Override
    public void put(String path, byte[] content, String owner, int mode) throws InterruptedException {
        door().put(path, content, owner, mode);
    }

    @Override
    public byte[] get(String path) throws InterruptedException {
        return door().get(path);
    }

    /** The disks that it writes to, as QEMU calls them. */
    List<String> disks() throws InterruptedException {
        boolean bare = container
                .run(Command.of(TRY, "test", "-e", DISKS + "/bare.img"))
                .succeeded();
        return bare ? List.of("disk", "bare") : List.of("disk");
    }

    /**
     * Waits until its init takes orders.
     *
     * @throws HostException if that takes too long, or the guest has ended; with what it said last
     */
    void awaitBooted() throws InterruptedException {
        long deadline = System.nanoTime() + BOOT.toNanos();
        while (true) {
            try {
                run(Command.of(TRY, "test", "-p", "/run/node-init/enable")).orFail();
                setClock();
                return;
            } catch (HostException e) {
                boolean runs = container.isRunning();
                if (!runs || System.nanoTime() > deadline) {
                    throw new HostException(
                            "Waited " + (runs ? Bounded.seconds(BOOT) + " " : "") + "for the guest " + name()
                                    + " to boot; " + container.describeState() + ". It said last: "
                                    + new ContainerOutput(engine).last(container) + " The last attempt: "
                                    + e.getMessage(),
                            e);
                }
                forget();
                Thread.sleep(BETWEEN_TRIES.toMillis());
            }
        }
    }

    /**
     * Sets its clock right. A guest has its time from a clock that knows whole seconds only. Where there are no guests, NTP does
     * this.
     */
    void setClock() throws InterruptedException {
        long millis = System.currentTimeMillis();
        run(Command.of(
                        TRY,
                        "date",
                        "--utc",
                        "--set",
                        "@" + millis / 1000 + "." + String.format(Locale.ROOT, "%03d", millis % 1000)))
                .orFail();
    }

    private SshHost door() throws InterruptedException {
        Optional<SshHost> known = current();
        if (known.isPresent()) {
            return known.get();
        }
        String hostKey = new String(container.get(HOST_KEY), StandardCharsets.UTF_8).strip();
        Endpoint endpoint = address(container);
        SshHost fresh = new SshHost(SshAccess.of(
                        name(),
                        endpoint.host(),
                        "root",
                        new SshAccess.HostKey.Given(hostKey),
                        new SshAccess.Login.PrivateKey(key.file()))
                .port(endpoint.port())
                .limit(CONNECT));
        return keep(fresh);
    }

    private Endpoint address(ContainerHost of) throws InterruptedException {
        try {
            return Addresses.of(engine, of.inspect(), SSH);
        } catch (EnvironmentException e) {
            throw new HostException("The guest " + name() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private synchronized Optional<SshHost> current() {
        return door;
    }

    /** Two threads may have opened a door at once; one of them is enough. */
    private synchronized SshHost keep(SshHost fresh) {
        if (door.isPresent()) {
            fresh.close();
            return door.get();
        }
        door = Optional.of(fresh);
        return fresh;
    }

    /** Lets go of the connection; the next command opens another. */
    synchronized void forget() {
        door.ifPresent(SshHost::close);
        door = Optional.empty();
    }

    @Override
    public void close() {
        forget();
    }
}
