package io.github.pggauntlet.strategy.ucarp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Secret;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.StreamingInstaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts ucarp, vipmon and the agents on two machines and starts them as services of runit. The agents come first: a machine
 * without one must not become master of the address.
 */
public final class UcarpInstaller {

    /** Where the scripts write down what ucarp has said. Empty after a boot. */
    public static final String STATE = "/run/gauntlet-ucarp";

    private static final String CONFIGURATION = "/etc/gauntlet-ucarp";
    private static final String SCRIPTS = "/opt/gauntlet/ucarp";
    private static final String SERVICES = "/etc/service/";
    private static final String UCARP = "gauntlet-ucarp";
    private static final String VIPMON = "gauntlet-vipmon";
    private static final String LOG = "/var/lib/gauntlet/log/ucarp.log";
    private static final int POSTGRES_PORT = 5432;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PRIVATE = 0600;
    private static final int PROGRAM = 0755;
    private static final int MISSING = 3;

    /** Tenths of a second between two looks of vipmon at a PostgreSQL that takes writes. */
    private static final int PROBE_TICKS = 10;

    /** What a primary needs, beyond the lease, to notice that its standby is gone: PostgreSQL's wal_sender_timeout, twice. */
    static final Duration NOTICE = Duration.ofSeconds(10);

    private static final Pattern DEVICE = Pattern.compile("\\bdev (\\S+)");

    /** Arguments: the directories to make, a separator, and the programs that must be there. */
    private static final String PREPARE = """
            umask 022
            while [ "$1" != -- ]; do
                mkdir -p "$1" || exit
                shift
            done
            shift
            missing=$(for program in "$@"; do command -v "$program" >/dev/null || echo "$program"; done)
            if [ -n "$missing" ]; then
                echo "$missing"
                exit 3
            fi
            """;

    private static final Set<String> PROGRAMS = Set.of("ucarp", "ip", "arping", "psql", "sv", "timeout");

    private final UcarpPreset preset;
    private final Arbitration arbitration;
    private final Agents agents;

    /** What looks after PostgreSQL on the machines, and listens to ucarp. */
    public interface Agents {

        /** What it needs of the machines, beside what the address needs. */
        HostRequirements requirements();

        /**
         * Installs and starts it.
         *
         * @throws HaException if a machine could not be prepared
         * @throws InterruptedException if the calling thread is interrupted
         */
        HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException;
    }

    /**
     * With agents of streaming replication.
     *
     * @param preset how ucarp runs
     * @param arbitration who decides when the machines do not hear each other
     */
    public UcarpInstaller(UcarpPreset preset, Arbitration arbitration) {
        this(preset, arbitration, streaming());
    }

    /**
     * With other agents.
     *
     * @param preset how ucarp runs
     * @param arbitration who decides when the machines do not hear each other
     * @param agents what looks after PostgreSQL
     */
    public UcarpInstaller(UcarpPreset preset, Arbitration arbitration, Agents agents) {
        this.preset = preset;
        this.arbitration = arbitration;
        this.agents = agents;
    }

    private static Agents streaming() {
        StreamingInstaller installer = new StreamingInstaller(AgentProgram.with(UcarpAgent.class));
        return new Agents() {
            @Override
            public HostRequirements requirements() {
                return installer.requirements();
            }

            @Override
            public HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
                return installer.install(spec, hosts);
            }
        };
    }

    /** What it needs of the machines. */
    public HostRequirements requirements() {
        HostRequirements needed = agents.requirements();
        Set<String> programs = new TreeSet<>(needed.programs());
        programs.addAll(PROGRAMS);
        return new HostRequirements(
                2,
                arbitration == Arbitration.WITNESS,
                true,
                programs,
                needed.files(),
                needed.rehearsal(),
                arbitration == Arbitration.FENCING,
                needed.kernel());
    }

    /**
     * Installs and starts everything.
     *
     * @throws HaException if a machine could not be prepared
     * @throws InterruptedException if the calling thread is interrupted
     */
    public HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        for (Host host : hosts) {
            prepare(host);
        }
        HaCluster cluster = agents.install(spec, hosts);
        Secret password = new Secret(Secret.random().reveal().substring(0, UcarpConfig.LONGEST_PASSWORD));
        for (int i = 0; i < hosts.size(); i++) {
            install(spec, cluster.clients(), i, hosts.get(i), password);
        }
        return new UcarpCluster(spec, cluster);
    }

    private void prepare(Host host) throws InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", PREPARE, "sh", CONFIGURATION, SCRIPTS, SERVICES + UCARP, SERVICES + VIPMON, "--"));
        command.addAll(requirements().programs());
        CommandResult result = host.run(new Command(command, Map.of(), LIMIT));
        if (result.status() == MISSING) {
            throw new HaException("On " + host.name() + " there is no "
                    + result.output().strip().replace("\n", ", ") + "; install it and try again.");
        }
        result.orFail();
    }

    private void install(ClusterSpec spec, ClientAccess access, int machine, Host host, Secret password)
            throws InterruptedException {
        String member = spec.members().get(machine);
        String address = address(spec, member);
        String device = device(host, address);
        for (String script : List.of("vip-up", "vip-down", "vipmon")) {
            host.put(SCRIPTS + "/" + script, resource(script), "root", PROGRAM);
        }
        host.put(CONFIGURATION + "/carp-password", password.reveal().getBytes(UTF_8), "root", PRIVATE);
        host.put(
                CONFIGURATION + "/pgpass",
                String.join(
                                ":",
                                "127.0.0.1",
                                Integer.toString(POSTGRES_PORT),
                                access.database(),
                                access.user(),
                                access.password().reveal() + "\n")
                        .getBytes(UTF_8),
                "root",
                PRIVATE);
        host.put(
                CONFIGURATION + "/ucarp.conf",
                settings(device, address, access, machine, spec).getBytes(UTF_8),
                "root",
                PRIVATE);
        host.put(
                CONFIGURATION + "/ucarp.arguments",
                arguments(device, address, machine).getBytes(UTF_8),
                "root",
                PRIVATE);
        host.put(SERVICES + UCARP + "/run", resource("ucarp-run"), "root", PROGRAM);
        host.put(SERVICES + UCARP + "/finish", resource("ucarp-finish"), "root", PROGRAM);
        host.put(SERVICES + VIPMON + "/run", resource("vipmon-run"), "root", PROGRAM);
        host.run(Command.of(LIMIT, "service-enable", UCARP)).orFail();
        host.run(Command.of(LIMIT, "service-enable", VIPMON)).orFail();
    }

    private static String address(ClusterSpec spec, String member) {
        return spec.routes()
                .find(member, Routes.ADDRESS, Service.POSTGRES)
                .map(Endpoint::host)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The cluster needs a virtual address: a route from " + member + " to '" + Routes.ADDRESS
                                + "', an address in the machines' own network that nobody else has."));
    }

    /** The interface by which a machine reaches the address's network. */
    private static String device(Host host, String address) throws InterruptedException {
        String route = host.run(Command.of(LIMIT, "ip", "-o", "-4", "route", "get", address))
                .orFail()
                .output();
        Matcher device = DEVICE.matcher(route);
        if (!device.find() || route.contains(" via ") || device.group(1).equals("lo")) {
            throw new HaException("The virtual address " + address + " does not lie in a network of " + host.name()
                    + " (" + route.strip() + "); choose a free one that does.");
        }
        return device.group(1);
    }

    private String settings(String device, String address, ClientAccess access, int machine, ClusterSpec spec) {
        // While the other machine's death is being proven nothing is acknowledged, and that is no reason to give up.
        Optional<FenceProgram> fencing = spec.safeguards().fencing();
        Duration shot = fencing.map(FenceProgram::limit).orElse(Duration.ZERO);
        Duration shotLater = fencing.map(FenceProgram::longest).orElse(Duration.ZERO);
        Map<String, String> settings = new TreeMap<>();
        settings.put("INTERFACE", device);
        settings.put("ADDRESS", address);
        settings.put("PORT", Integer.toString(POSTGRES_PORT));
        settings.put("DATABASE", access.database());
        settings.put("ROLE", access.user());
        settings.put("PASSWORD_FILE", CONFIGURATION + "/pgpass");
        settings.put("SERVICE", SERVICES + UCARP);
        settings.put("DIRECTORY", SCRIPTS);
        settings.put("LOG", LOG);
        settings.put(
                "WRITE_SECONDS", seconds(spec.timings().lease().plus(NOTICE).plus(shot)));
        settings.put("OPEN_SECONDS", seconds(preset.open().plus(shotLater)));
        settings.put("HOLD_SECONDS", seconds(preset.hold(machine)));
        settings.put("PROBE_TICKS", Integer.toString(PROBE_TICKS));
        StringBuilder content = new StringBuilder("# What ucarp's services on this machine work with.\n");
        settings.forEach((name, value) ->
                content.append(name).append('=').append(quoted(value)).append('\n'));
        return content.toString();
    }

    private String arguments(String device, String address, int machine) {
        return "# Runs ucarp; the machine's own address is in $source.\nexec "
                + preset.of(machine).command(device, address, CONFIGURATION + "/carp-password", SCRIPTS).stream()
                        .map(UcarpInstaller::quoted)
                        .collect(Collectors.joining(" "))
                + " --srcip=\"$source\"\n";
    }

    /** Whole seconds, rounded up. */
    private static String seconds(Duration duration) {
        return Long.toString(duration.plusNanos(999_999_999).toSeconds());
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static byte[] resource(String name) {
        try (InputStream script = UcarpInstaller.class.getResourceAsStream(name)) {
            if (script == null) {
                throw new IllegalStateException("The script " + name + " is not in the jar.");
            }
            return script.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
