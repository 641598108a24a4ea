package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.CreateVolumeCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds one cluster: network, arbiter, proxies and machines, all at the same time. It is long because the parts wait for each
 * other's first signs of life, and what was begun must be undone by whoever began it, whichever of them fails.
 */
final class ClusterBuilder {

    /**
     * Toxiproxy connects to a link's far end in the loop that takes the link's connections. With the kernel's six repetitions
     * of a SYN one attempt at a machine that had just been killed held a link for 35 s, the last 13 of them after the machine
     * had come back. With one repetition such an attempt is bounded by the first two retransmission timeouts (RFC 6298: 1 s,
     * then doubled).
     */
    private static final Map<String, String> SHORT_DIAL = Map.of("net.ipv4.tcp_syn_retries", "1");

    private static final Logger log = LoggerFactory.getLogger(ClusterBuilder.class);

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration FILES = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private static final int CONTROL_PORT = 8474;
    private static final int FIRST_LINK_PORT = 20_000;

    /** Who asks who answers for the virtual address. */
    private static final String CENSUS = "census";

    private static final String DATA = "/var/lib/gauntlet";
    private static final int STOP_SECONDS = 60;
    // PostgreSQL's parallel workers share memory there; the engine's own 64 MB are soon gone.
    private static final long SHARED_MEMORY_BYTES = 256L << 20;

    /** Gives a volume its owner as the machine's image has it, and then does nothing for ever. */
    private static final String HOLD = "chown postgres: \"$1\" && chmod 700 \"$1\" && exec sleep infinity";

    private final Engine engine;
    private final DockerClient docker;
    private final Images images;
    private final Topology topology;
    private final Ownership ownership;
    private final String network;
    private final Optional<Guests> guests;
    private final StartupTimes.Watch watch = new StartupTimes.Watch();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean abandoned = new AtomicBoolean();
    private final Optional<CertificateAuthority> authority;

    /** The host at which this process reaches the proxies, once it is known. */
    private final CompletableFuture<String> proxies = new CompletableFuture<>();

    ClusterBuilder(Engine engine, Images images, Topology topology) {
        this.engine = engine;
        this.docker = engine.docker();
        this.images = images;
        this.topology = topology;
        this.ownership = new Ownership(UUID.randomUUID().toString().substring(0, 8), engine.owner());
        this.network = nameOf("net");
        this.authority = topology.tls() ? Optional.of(new CertificateAuthority()) : Optional.empty();
        this.guests = topology.kernel()
                .map(kernel -> new Guests(images.guest(topology.postgres()), kernel, GuestKey.create()));
    }

    private String nameOf(String part) {
        return "gauntlet-" + ownership.run() + "-" + part;
    }

    TestCluster start() throws InterruptedException {
        // The names first: an image that has not been prepared is said before anything is made.
        String node = images.node(topology.postgres());
        if (guests.isPresent()) {
            requireMemory(guests.get());
        }
        String toxiproxy = images.toxiproxy();
        Optional<String> etcd = topology.arbiter() ? Optional.of(images.etcd()) : Optional.empty();
        // What lies in the engine's volumes a guest does not see.
        Optional<ProvidedFiles> files =
                guests.isPresent() ? Optional.empty() : ProvidedFiles.of(topology.files(), topology.rehearsal(), node);
        try {
            return build(node, toxiproxy, etcd, files);
        } catch (NotFoundException e) {
            removeAll();
            throw new EnvironmentException(
                    "The engine does not have an image named in " + images.source() + " (" + message(e)
                            + "); run docker/prepare --postgres " + topology.postgres() + ".",
                    e);
        } catch (DockerException e) {
            removeAll();
            throw new EnvironmentException("The engine could not build the cluster: " + message(e) + ".", e);
        } catch (RuntimeException | InterruptedException e) {
            removeAll();
            throw e;
        }
    }

    private void requireMemory(Guests wanted) throws InterruptedException {
        Long memory = engine.call(
                "the engine's memory", () -> engine.docker().infoCmd().exec().getMemTotal());
        if (memory != null) {
            wanted.requireMemory(topology.members().size(), memory >> 20);
        }
    }

    private static String message(DockerException e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.toString()).strip();
    }

    private TestCluster build(String node, String toxiproxy, Optional<String> etcd, Optional<ProvidedFiles> files)
            throws InterruptedException {
        Future<Sweep.Swept> swept = begin(() -> watch.time("sweep", () -> new Sweep(engine).deadRuns()));
        Future<Boolean> provided = begin(() -> watch.time("files", () -> {
            if (files.isPresent()) {
                files.get().provide(engine, ownership, node);
            }
            return true;
        }));
        // Containers are made while the network is, which they name and need only when they start.
        Future<Boolean> networked = begin(() -> watch.time("network", this::createNetwork));

        List<Callable<Started>> starts = new ArrayList<>();
        // First those that have something left to do once they run; the engine starts containers one after the other.
        etcd.ifPresent(image -> topology.arbiterNames()
                .forEach(arbiter -> starts.add(tracked(() -> startArbiter(arbiter, image, networked)))));
        starts.add(tracked(() -> startProxies(toxiproxy, networked)));
        for (String member : topology.members()) {
            starts.add(tracked(() -> guests.isPresent()
                    ? startGuest(member, guests.get(), networked)
                    : startMachine(member, node, files, provided, networked)));
        }
        if (topology.address()) {
            starts.add(tracked(() -> startCensus(node, networked)));
        }
        List<Started> started = engine.bounded().all("the containers to start", START, starts);

        Links links = started.stream()
                .flatMap(one -> one.links().stream())
                .findFirst()
                .orElseThrow();
        for (String name : topology.arbiterNames()) {
            Link arbiter = new Link(Routes.OPERATOR, name, Service.ARBITER);
            timed(name + " answers", () -> links.awaitAnswer(arbiter, ANSWER));
        }
        await("what earlier runs have left to be removed", swept);

        if (guests.isPresent()) {
            awaitBooted(started);
            provideToGuests(started);
        }
        Map<String, Machine> machines = new LinkedHashMap<>();
        Map<String, Machine> arbiters = new LinkedHashMap<>();
        started.forEach(one -> one.machine()
                .ifPresent(machine -> (topology.members().contains(machine.name()) ? machines : arbiters)
                        .put(machine.name(), machine)));
        Map<String, ContainerHost> containers = new LinkedHashMap<>();
        started.forEach(one -> containers.put(one.container().name(), one.container()));
        Optional<AddressCensus> census = Optional.ofNullable(containers.get(CENSUS))
                .map(one -> new AddressCensus(engine, one, virtualAddress(), machines));
        StartupTimes times = watch.finish();
        log.debug("Cluster {} {}", ownership.run(), times);
        String proxy = Objects.requireNonNull(containers.get(Links.ALIAS)).containerId();
        PacketFilter filter = new PacketFilter(engine, ownership, node, proxy);
        return new TestCluster(
                engine,
                ownership,
                machines,
                arbiters,
                links,
                filter,
                new NodeLogs(engine, containers, machines),
                times,
                crashCleaner(),
                census,
                authority,
                guests.map(Guests::key));
    }

    private <T> Future<T> begin(Callable<T> task) {
        return engine.bounded().start(tracked(task));
    }

    /** A task that {@link #removeAll} waits for, so that nothing is made behind its back. */
    private <T> Callable<T> tracked(Callable<T> task) {
        return () -> {
            underWay.incrementAndGet();
            try {
                if (abandoned.get()) {
                    throw new InterruptedException("the cluster is not wanted any more");
                }
                return task.call();
            } finally {
                underWay.decrementAndGet();
            }
        };
    }

    /** Without a rehearsal: what takes seconds elsewhere takes minutes where the processor is emulated. */
    private void provideToGuests(List<Started> started) throws InterruptedException {
        List<Callable<Boolean>> puts = started.stream()
                .flatMap(one -> one.machine().stream())
                .filter(machine -> topology.members().contains(machine.name()))
                .map(machine -> (Callable<Boolean>) () -> ProvidedFile.put(topology.files(), machine.host()))
                .toList();
        engine.bounded().all("the strategy's files to be on the machines", FILES, puts);
    }

    /** What one container contributes to the cluster. */
    private record Started(ContainerHost container, Optional<Machine> machine, Optional<Links> links) {}

    private boolean createNetwork() {
        docker.createNetworkCmd()
                .withName(network)
                .withDriver("bridge")
                .withLabels(ownership.labels())
                .exec();
        return true;
    }

    private Started startMachine(
            String member,
            String image,
            Optional<ProvidedFiles> files,
            Future<Boolean> provided,
            Future<Boolean> networked)
            throws Exception {
        String volume = nameOf(member);
        createVolume(member, volume, image);
        List<Bind> binds = new ArrayList<>(List.of(new Bind(volume, new Volume(DATA))));
        files.map(ProvidedFiles::bind).ifPresent(binds::add);
        await("the files for the machines", provided);
        HostConfig config = HostConfig.newHostConfig()
                .withNetworkMode(network)
                .withCapAdd(Capability.NET_ADMIN)
                .withBinds(binds)
                // As on a real machine: what ran before a boot has left nothing there.
                .withTmpFs(Map.of("/run", "rw,nosuid,nodev,mode=755"))
                .withShmSize(SHARED_MEMORY_BYTES);
        String id = watch.time(
                "create " + member,
                () -> container(member, image, config)
                        .withStopTimeout(STOP_SECONDS)
                        .exec()
                        .getId());
        await("the network", networked);
        ContainerHost host = new ContainerHost(member, id, engine);
        Machine machine = new Machine(host, engine, topology.volume().isPresent());
        watch.run("start " + member, machine::powerOn);
        return new Started(host, Optional.of(machine), Optional.empty());
    }

    /** A machine with a kernel of its own. Its container is given no more than QEMU needs. */
    private Started startGuest(String member, Guests guests, Future<Boolean> networked) throws Exception {
        String volume = nameOf(member);
        docker.createVolumeCmd().withName(volume).withLabels(ownership.labels()).exec();
        HostConfig config = HostConfig.newHostConfig()
                .withNetworkMode(network)
                .withCapAdd(Capability.NET_ADMIN)
                .withBinds(new Bind(volume, new Volume(GuestHost.DISKS)))
                // By number: a device that this engine's machine does not have is then missing, and no error.
                .withDeviceCgroupRules(Guests.DEVICES)
                .withTmpFs(Map.of("/run", "rw,nosuid,nodev,mode=755"));
        CreateContainerCmd command = container(member, guests.image(), config)
                .withStopTimeout(STOP_SECONDS)
                .withEnv(guests.environment());
        if (!engine.bridged()) {
            command.withExposedPorts(ExposedPort.tcp(GuestHost.SSH));
            config.withPublishAllPorts(true);
        }
        String id = watch.time("create " + member, () -> command.exec().getId());
        await("the network", networked);
        ContainerHost container = new ContainerHost(member, id, engine);
        Machine machine = new Machine(container, new GuestHost(container, engine, guests.key()), engine);
        watch.run("start " + member, machine::powerOn);
        return new Started(container, Optional.of(machine), Optional.empty());
    }

    private void awaitBooted(List<Started> started) throws InterruptedException {
        List<Callable<Boolean>> boots = started.stream()
                .flatMap(one -> one.machine().stream())
                .filter(Machine::hasOwnKernel)
                .map(machine -> (Callable<Boolean>) () -> {
                    watch.run("boot " + machine.name(), machine::awaitBooted);
                    return true;
                })
                .toList();
        try {
            engine.bounded().all("the guests to boot", GuestHost.BOOT, boots);
        } catch (HostException e) {
            throw new EnvironmentException(String.valueOf(e.getMessage()), e);
        }
    }

    private Started startCensus(String image, Future<Boolean> networked) throws Exception {
        await("the network", networked);
        List<String> command = new ArrayList<>(AddressCensus.COMMAND);
        command.add(virtualAddress());
        String id = container(CENSUS, image, HostConfig.newHostConfig().withNetworkMode(network))
                .withEntrypoint(command)
                .exec()
                .getId();
        docker.startContainerCmd(id).exec();
        return new Started(new ContainerHost(CENSUS, id, engine), Optional.empty(), Optional.empty());
    }

    private String virtualAddress() {
        return VirtualAddress.in(
                docker.inspectNetworkCmd().withNetworkId(network).exec());
    }

    /**
     * Makes a machine's data volume. One of limited size lies in memory, where the engine keeps it only as long as a
     * container uses it: a second container holds it while the machine is down.
     */
    private void createVolume(String member, String volume, String image) throws Exception {
        CreateVolumeCmd command = docker.createVolumeCmd().withName(volume).withLabels(ownership.labels());
        if (topology.volume().isEmpty()) {
            command.exec();
            return;
        }
        command.withDriver("local")
                .withDriverOpts(Map.of(
                        "type", "tmpfs",
                        "device", "tmpfs",
                        "o", "size=" + topology.volume().getAsLong()))
                .exec();
        HostConfig config =
                HostConfig.newHostConfig().withNetworkMode("none").withBinds(new Bind(volume, new Volume(DATA)));
        watch.run("hold volume of " + member, () -> {
            String id = docker.createContainerCmd(image)
                    .withName(nameOf(member + "-volume"))
                    .withLabels(ownership.labels())
                    .withHostConfig(config)
                    .withEntrypoint("/usr/bin/tini", "--", "/bin/sh", "-c", HOLD, "hold", DATA)
                    .exec()
                    .getId();
            docker.startContainerCmd(id).exec();
        });
    }

    private Started startArbiter(String name, String image, Future<Boolean> networked) throws Exception {
        HostConfig config = HostConfig.newHostConfig().withNetworkMode(network);
        String id = watch.time(
                "create " + name,
                () -> container(name, image, config)
                        .withCmd(Etcd.flags(name, topology.arbiterNames(), topology.tls()))
                        .exec()
                        .getId());
        if (authority.isPresent()) {
            putCertificate(authority.get(), name, id);
        }
        await("the network", networked);
        watch.run("start " + name, () -> docker.startContainerCmd(id).exec());
        ContainerHost host = new ContainerHost(name, id, engine);
        return new Started(host, Optional.of(new Machine(host, engine, false)), Optional.empty());
    }

    /** A certificate with the names by which the members, the operator, the other arbiters and etcd itself reach it. */
    private void putCertificate(CertificateAuthority signer, String name, String id) throws InterruptedException {
        Set<String> hosts =
                new HashSet<>(List.of(name, Links.ALIAS, await("the proxies' address", proxies), "localhost"));
        docker.copyArchiveToContainerCmd(id)
                .withRemotePath(Etcd.ROOT)
                .withTarInputStream(
                        new ByteArrayInputStream(Etcd.files(signer.certificate(), signer.identity(name, hosts))))
                .exec();
    }

    private Started startProxies(String image, Future<Boolean> networked) throws Exception {
        try {
            return openProxies(image, networked);
        } catch (Exception e) {
            proxies.completeExceptionally(e);
            throw e;
        }
    }

    private Started openProxies(String image, Future<Boolean> networked) throws Exception {
        List<Link> wanted = new ArrayList<>(Links.of(topology.members(), topology.arbiterNames(), topology.address()));
        if (topology.kernel().filter(kernel -> kernel.bareDiskMegabytes() > 0).isPresent()) {
            wanted.addAll(Links.ofDisks(topology.members()));
        }
        HostConfig config = HostConfig.newHostConfig().withNetworkMode(network).withSysctls(SHORT_DIAL);
        CreateContainerCmd command = container(Links.ALIAS, image, config);
        if (!engine.bridged()) {
            List<ExposedPort> ports = new ArrayList<>(List.of(ExposedPort.tcp(CONTROL_PORT)));
            for (int i = 0; i < wanted.size(); i++) {
                ports.add(ExposedPort.tcp(FIRST_LINK_PORT + i));
            }
            command.withExposedPorts(ports);
            config.withPublishAllPorts(true);
        }
        String id = watch.time("create toxiproxy", () -> command.exec().getId());
        await("the network", networked);
        watch.run("start toxiproxy", () -> docker.startContainerCmd(id).exec());
        InspectContainerResponse seen = docker.inspectContainerCmd(id).exec();
        Endpoint control = Addresses.of(engine, seen, CONTROL_PORT);
        proxies.complete(control.host());
        watch.run("toxiproxy answers", () -> RoundTrip.await(control, RoundTrip.Language.HTTP, "Toxiproxy", ANSWER));

        String virtual = topology.address() ? virtualAddress() : "";
        List<Links.ProxiedLink> proxied = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Link link = wanted.get(i);
            int port = FIRST_LINK_PORT + i;
            // By alias, so that the link also leads to a machine that has come back with another address.
            Endpoint upstream =
                    new Endpoint(link.to().equals(Routes.ADDRESS) ? virtual : link.to(), Links.port(link.service()));
            proxied.add(new Links.ProxiedLink(link, upstream, port, Addresses.of(engine, seen, port)));
        }
        Links links = new Links(
                new ToxiproxyClient(control.host(), control.port()), engine.bounded(), proxied, topology.tls());
        watch.run("open links", links::open);
        return new Started(new ContainerHost(Links.ALIAS, id, engine), Optional.empty(), Optional.of(links));
    }

    private CreateContainerCmd container(String name, String image, HostConfig config) {
        return docker.createContainerCmd(image)
                .withName(nameOf(name))
                .withHostName(name)
                .withAliases(name)
                .withLabels(ownership.labels())
                .withHostConfig(config);
    }

    private Future<Optional<CrashCleaner>> crashCleaner() {
        return engine.bounded().start(() -> {
            if (images.ryuk().isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(CrashCleaner.start(engine, images.ryuk().get(), ownership));
            } catch (DockerException | EnvironmentException | java.io.IOException e) {
                log.debug("Ryuk does not work here; the next run removes what a killed one has left", e);
                return Optional.empty();
            }
        });
    }

    private void timed(String what, Bounded.Action step) throws InterruptedException {
        try {
            watch.run(what, step);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new EnvironmentException("Failed: " + what + ": " + e + ".", e);
        }
    }

    private static <T> T await(String what, Future<T> future) throws InterruptedException {
        try {
            return future.get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new EnvironmentException("Failed while waiting for " + what + ": " + e.getCause() + ".", e);
        } catch (TimeoutException e) {
            throw new EnvironmentException("Waited " + Bounded.seconds(START) + " for " + what + ".", e);
        }
    }

    /** Removes what had been made when something went wrong. What resists is left to the next run's sweep. */
    private void removeAll() {
        boolean interrupted = Thread.interrupted();
        abandoned.set(true);
        try {
            if (!Bounded.until(START, () -> underWay.get() == 0)) {
                log.warn("Containers are still being made; the next run removes them");
            }
            new Sweep(engine).run(ownership.run());
            guests.ifPresent(made -> made.key().close());
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (RuntimeException e) {
            log.warn("What had been made could not be removed ({}); the next run removes it", e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
