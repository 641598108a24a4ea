package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.HostRequirements.OwnKernel;
import io.github.pggauntlet.strategy.HostRequirements.ProvidedFile;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.drbd.DrbdConfig.Peer;
import io.github.pggauntlet.strategy.drbd.DrbdRules.PeerKnowledge;
import io.github.pggauntlet.strategy.drbd.DrbdStatus.Connection;
import io.github.pggauntlet.strategy.host.AgentLog;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.PosixShell;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.ucarp.UcarpInstaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes one disk of two machines' bare disks, PostgreSQL's data directory on it, and starts an agent on each machine. What
 * lay on the bare disks is lost.
 */
final class DrbdInstaller implements UcarpInstaller.Agents {

    static final String RESOURCE = "pgdata";
    static final String MOUNT_POINT = "/var/lib/gauntlet/disk";

    private static final String AGENT = "gauntlet-agent";
    private static final String SERVICE = "/etc/service/" + AGENT;
    private static final String CONFIGURATION = "/etc/gauntlet-drbd";
    private static final String PROGRAM = "/opt/gauntlet/drbd";
    private static final String SETTINGS = CONFIGURATION + "/agent.properties";
    private static final String BOOTSTRAP = "/var/lib/gauntlet/bootstrap.sql";
    private static final String HANDLER = PROGRAM + "/fence-peer";
    private static final String LOGS = "/var/lib/gauntlet/log";

    private static final int MEMORY_MEGABYTES = 512;
    private static final int DISK_MEGABYTES = 256;
    private static final int AGENT_PORT = 8008;
    private static final int DISK_PORT = 7789;
    private static final int POSTGRES_PORT = 5432;
    private static final int PRIVATE = 0600;
    private static final int READABLE = 0644;
    private static final int EXECUTABLE = 0755;

    /** A machine without hardware acceleration is slow. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Duration WHOLE = Duration.ofMinutes(6);
    private static final Duration CALL = Duration.ofSeconds(3);

    /** The kernel must have DRBD 8.4: what these classes read and order is its. Arguments: the disk, directories to make. */
    private static final String PREPARE = """
            set -e
            modprobe drbd || { echo "this kernel has no module drbd" >&2; exit 1; }
            grep -q '^version: 8[.]4' /proc/drbd || { echo "DRBD 8.4 is needed, and this is $(head -n 1 /proc/drbd)" >&2; exit 1; }
            [ -b "$1" ] || { echo "there is no disk $1" >&2; exit 1; }
            shift
            mkdir -p "$@"
            chown postgres: /var/lib/gauntlet/log
            """;

    /** Arguments: the device, the mount point, the data directory. */
    private static final String MAKE = """
            set -e
            mkfs.ext4 -q -E lazy_itable_init=1,lazy_journal_init=1 "$1"
            mkdir -p "$2"
            mount -o noatime "$1" "$2"
            chown postgres: "$2"
            runuser -u postgres -- initdb --pgdata="$3" --username=postgres --auth-local=peer --auth-host=scram-sha-256 \
              --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-sync --no-instructions >/dev/null
            """;

    /** Arguments: the data directory, the statements, the mount point. Statements hold a password: none is ever logged. */
    private static final String FILL = """
            set -e
            echo "include 'gauntlet.conf'" >>"$1/postgresql.conf"
            runuser -u postgres -- postgres --single -c log_min_error_statement=panic -D "$1" postgres <"$2" >/dev/null
            rm -f "$2"
            sync
            umount "$3"
            """;

    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms12m",
            "-Xmx48m",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            AgentLog.OPTION);

    private final DrbdPreset preset;

    DrbdInstaller(DrbdPreset preset) {
        this.preset = preset;
    }

    @Override
    public HostRequirements requirements() {
        return new HostRequirements(
                2,
                preset.witnessed(),
                true,
                Set.of(
                        "bash",
                        "java",
                        "drbdadm",
                        "mkfs.ext4",
                        "mount",
                        "umount",
                        "runuser",
                        "postgres",
                        "initdb",
                        "pg_ctl",
                        "pg_controldata",
                        "service-enable"),
                List.of(),
                List.of(),
                false,
                Optional.of(new OwnKernel(MEMORY_MEGABYTES, DISK_MEGABYTES)));
    }

    @Override
    public HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        List<DrbdResource> resources = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            resources.add(new DrbdResource(hosts.get(i), config(spec, i, hosts.get(i))));
        }
        onEach(hosts, i -> {
            prepare(spec, i, hosts.get(i));
            resources.get(i).create();
            resources.get(i).up();
        });
        makeServer(spec, hosts.get(0), resources.get(0));
        onEach(
                hosts,
                i -> hosts.get(i)
                        .run(Command.of(LIMIT, "service-enable", AGENT))
                        .orFail());
        return new DrbdCluster(spec, CALL);
    }

    /** Work on one machine. */
    @FunctionalInterface
    private interface Work {
        void on(int machine) throws InterruptedException;
    }

    private static void onEach(List<Host> hosts, Work work) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(hosts.size());
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                int machine = i;
                Callable<Boolean> one = () -> {
                    work.on(machine);
                    return true;
                };
                all.add(pool.submit(one));
            }
            for (Future<Boolean> one : all) {
                one.get(WHOLE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            throw new HaException("The machines could not be prepared: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new HaException("The machines could not be prepared within " + WHOLE.toSeconds() + " s.", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private DrbdConfig config(ClusterSpec spec, int machine, Host host) throws InterruptedException {
        String here = spec.members().get(machine);
        String there = spec.members().get(1 - machine);
        Endpoint peer = spec.routes()
                .find(here, there, Service.DISK)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The cluster needs a route for its disk from " + here + " to " + there + "."));
        return new DrbdConfig(
                RESOURCE,
                0,
                OwnKernel.BARE_DISK,
                preset.protocol(spec.durability()),
                preset.fencing(),
                preset.witnessed() ? Optional.of(HANDLER) : Optional.empty(),
                preset.splitBrain(),
                preset.timeouts(),
                new Peer(here, ip(host, host.address()), DISK_PORT),
                // DRBD knows addresses only.
                new Peer(there, ip(host, peer.host()), peer.port()));
    }

    private static String ip(Host host, String name) throws InterruptedException {
        return host.run(Command.of(LIMIT, "getent", "ahostsv4", name))
                .orFail()
                .output()
                .split("\\s+", 2)[0];
    }

    private void prepare(ClusterSpec spec, int machine, Host host) throws InterruptedException {
        String member = spec.members().get(machine);
        String other = spec.members().get(1 - machine);
        host.run(Command.of(
                        LIMIT,
                        "sh",
                        "-c",
                        PREPARE,
                        "prepare",
                        OwnKernel.BARE_DISK,
                        CONFIGURATION,
                        PROGRAM,
                        SERVICE,
                        LOGS))
                .orFail();
        List<String> classPath = new ArrayList<>();
        for (ProvidedFile file : program()) {
            String target =
                    PROGRAM + "/" + file.target().substring(file.target().lastIndexOf('/') + 1);
            try {
                host.put(target, Files.readAllBytes(file.source()), "root", READABLE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            classPath.add(target);
        }
        AgentSettings settings = new AgentSettings(
                member,
                other,
                AGENT_PORT,
                spec.routes().route(member, other, Service.AGENT),
                "/etc/drbd.d/" + RESOURCE + ".res",
                MOUNT_POINT,
                spec.timings().shutdown(),
                spec.credentials().agent(),
                spec.name(),
                preset.witnessed() ? arbiters(spec.routes(), member) : List.of());
        host.put(HANDLER, handler(), "root", EXECUTABLE);
        host.put(SETTINGS, settings.render().getBytes(UTF_8), "root", PRIVATE);
        host.put(SERVICE + "/run", runScript(classPath).getBytes(UTF_8), "root", EXECUTABLE);
    }

    private static byte[] handler() {
        try (InputStream script = DrbdInstaller.class.getResourceAsStream("fence-peer")) {
            if (script == null) {
                throw new IllegalStateException("The script fence-peer is not in the jar.");
            }
            return script.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Endpoint> arbiters(Routes routes, String member) {
        List<Endpoint> all = new ArrayList<>();
        Optional<Endpoint> next = routes.find(member, Routes.ARBITER, Service.ARBITER);
        while (next.isPresent()) {
            all.add(next.get());
            next = routes.find(member, Routes.ARBITER + all.size(), Service.ARBITER);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("The cluster needs a route from " + member + " to an arbiter.");
        }
        return all;
    }

    /** Of what an agent of streaming replication takes, this one takes the classes of this project and a logger. */
    private static List<ProvidedFile> program() {
        return AgentProgram.with(DrbdAgent.class).files().stream()
                .filter(file -> file.target().matches(".*/(slf4j-api-.*|logback-.*|[0-9a-f]{16})[.]jar"))
                .toList();
    }

    private static String runScript(List<String> classPath) {
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", String.join(":", classPath), DrbdAgent.class.getName(), SETTINGS));
        return "#!/bin/sh\n# The agent of PostgreSQL on a replicated disk.\nexec >>" + LOGS + "/agent.log 2>&1\nexec "
                + PosixShell.line(command) + "\n";
    }

    /** The first data directory, on a disk that is equal on both machines from its first block on. */
    private void makeServer(ClusterSpec spec, Host host, DrbdResource resource) throws InterruptedException {
        resource.await("the connection", LIMIT, status -> status.connection() == Connection.CONNECTED);
        resource.declareAlike();
        resource.await("both disks to be good", LIMIT, DrbdRules::whole);
        resource.promote(PeerKnowledge.UNKNOWN);
        String data = MountedServer.data(MOUNT_POINT);
        shell(host, MAKE, "/dev/drbd0", MOUNT_POINT, data);
        host.put(data + "/gauntlet.conf", serverSettings(spec).getBytes(UTF_8), "postgres", PRIVATE);
        host.put(data + "/pg_hba.conf", accessRules().getBytes(UTF_8), "postgres", PRIVATE);
        host.put(BOOTSTRAP, statements(spec).getBytes(UTF_8), "root", PRIVATE);
        shell(host, FILL, data, BOOTSTRAP, MOUNT_POINT);
        resource.demote();
    }

    private static void shell(Host host, String script, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "shell"));
        command.addAll(List.of(arguments));
        host.run(new Command(command, Map.of("LC_ALL", "C"), LIMIT)).orFail();
    }

    private static String serverSettings(ClusterSpec spec) {
        Map<String, String> settings = new TreeMap<>();
        // What users may change. Recovery after a failover is as long as what lies between two checkpoints.
        settings.put("shared_buffers", "32MB");
        settings.put("max_connections", "100");
        settings.put("min_wal_size", "32MB");
        settings.put("max_wal_size", "96MB");
        settings.put("checkpoint_timeout", "60s");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d/%a ");
        settings.put("log_checkpoints", "on");
        settings.putAll(spec.settings());
        // What the strategy rests on.
        settings.put("listen_addresses", "*");
        settings.put("port", Integer.toString(POSTGRES_PORT));
        settings.put("password_encryption", "scram-sha-256");
        settings.put("fsync", "on");
        settings.put("full_page_writes", "on");
        settings.put("data_sync_retry", "off");
        // A crash is the agent's business.
        settings.put("restart_after_crash", "off");
        // Nobody reads what is not recovered yet.
        settings.put("hot_standby", "off");
        // An archive that has nothing: each start ends on a timeline of its own.
        settings.put("restore_command", "false");
        settings.put("recovery_target_timeline", "latest");
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) -> text.append(name)
                .append(" = '")
                .append(value.replace("'", "''"))
                .append("'\n"));
        return text.toString();
    }

    private static String accessRules() {
        return """
                # type  database  user  address  method
                local all postgres peer
                host %1$s %1$s all scram-sha-256
                """.formatted(DrbdCluster.APPLICATION);
    }

    private static String statements(ClusterSpec spec) {
        String password = spec.credentials().application().reveal();
        if (!password.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("A password is made of letters, digits, minus and underscore.");
        }
        return "create role " + DrbdCluster.APPLICATION + " login password '" + password + "'\n" + "create database "
                + DrbdCluster.APPLICATION + " owner " + DrbdCluster.APPLICATION + "\n";
    }
}
