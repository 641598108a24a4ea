package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HostConfig;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Loses packets, as a broken network does: connections stay open and silent, new ones are not made, nobody is told. When the
 * packets are let through again TCP sends once more what was lost, and connections that nobody has given up go on.
 *
 * <p>Links are cut before their proxies, by dropping the packets of a proxy's port in the network namespace of the proxies'
 * container; a container that shares that namespace and is made for the first cut brings the program for it. Toxiproxy's own
 * {@code timeout} would not do: it closes connections when it is taken away, and lets a peer's end of connection through.
 * Direct routes between machines are cut in the machines' own namespaces.
 *
 * <p>Each cut is a table of nftables of its own and bears a name, by which it is healed. Safe for use by several threads.
 */
public final class PacketFilter {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration CREATE = Duration.ofSeconds(30);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,30}");
    private static final Pattern COUNTER = Pattern.compile("counter packets (\\d+) bytes (\\d+)");

    /** How long a machine may take to say that a port is closed; silence for longer is a cut. */
    private static final String PROBE_SECONDS = "0.4";

    private static final int SILENCE = 124;

    private static final String LOAD = "printf '%s\\n' \"$1\" | nft -f -";

    /** Tells what a cut has dropped and takes it away; a cut that is not there any more has been taken away by a restart. */
    private static final String REMOVE = """
            nft list table inet "$1" 2>/dev/null || exit 0
            nft delete table inet "$1"
            """;

    private static final String PROBE = "exec timeout \"$1\" bash -c ': <\"/dev/tcp/$0/$1\"' \"$2\" \"$3\"";

    private final Engine engine;
    private final Ownership ownership;
    private final String image;
    private final String proxies;
    private Optional<ContainerHost> helper = Optional.empty();

    /**
     * @param image an image with nftables
     * @param proxies the id of the proxies' container
     */
    PacketFilter(Engine engine, Ownership ownership, String image, String proxies) {
        this.engine = engine;
        this.ownership = ownership;
        this.image = image;
        this.proxies = proxies;
    }

    /** Which packets of a link are lost. */
    public enum Flow {
        /** All of them. */
        BOTH,
        /** Those to the party that accepts the connections. */
        REQUESTS,
        /** Those to the party that opens the connections. */
        ANSWERS;

        @Override
        public String toString() {
            return switch (this) {
                case BOTH -> "both ways";
                case REQUESTS -> "towards the one that is asked";
                case ANSWERS -> "towards the one that asks";
            };
        }
    }

    /** What has been dropped. */
    public record Dropped(long packets, long bytes) {

        /** Both together. */
        public Dropped and(Dropped other) {
            return new Dropped(packets + other.packets, bytes + other.bytes);
        }

        @Override
        public String toString() {
            return packets + " packets, " + bytes + " bytes";
        }
    }

    /**
     * Loses the packets of links from now on.
     *
     * @param name a name for the cut
     * @param ports where the links' proxies listen
     * @throws HostException if the filter could not be set
     */
    void cut(String name, Collection<Integer> ports, Flow flow) throws InterruptedException {
        String set = ports.stream().map(String::valueOf).collect(Collectors.joining(", ", "{ ", " }"));
        StringBuilder rules = new StringBuilder("table inet " + require(name) + " {\n");
        if (flow != Flow.ANSWERS) {
            rules.append(chain("requests", "input", List.of("tcp dport " + set)));
        }
        if (flow != Flow.REQUESTS) {
            rules.append(chain("answers", "output", List.of("tcp sport " + set)));
        }
        load(helper(), rules.append("}").toString());
    }

    /** What a cut of links has dropped so far. */
    Dropped dropped(String name) throws InterruptedException {
        return count(helper().run(Command.of(LIMIT, "nft", "list", "table", "inet", require(name)))
                .orFail());
    }

    /** Lets the packets of links through again and tells what had been dropped. */
    Dropped heal(String name) throws InterruptedException {
        return remove(helper(), name);
    }

    /**
     * Loses everything that others send to a machine by any other way than the links, and everything it sends to them so.
     * Told apart by the sender's address on the wire too, so that an address that wanders between machines is lost as well.
     *
     * <p>It ends with the machine's next boot.
     *
     * @param name a name for the cut
     * @throws HostException if the machine does not run, or the filter could not be set
     */
    public void cutRoutes(String name, Machine at, Collection<Machine> others) throws InterruptedException {
        List<String> addresses = new ArrayList<>();
        List<String> cards = new ArrayList<>();
        for (Machine other : others) {
            ContainerNetwork network = network(other);
            Optional.ofNullable(network.getIpAddress())
                    .filter(address -> !address.isBlank())
                    .ifPresent(addresses::add);
            Optional.ofNullable(network.getMacAddress())
                    .filter(card -> !card.isBlank())
                    .ifPresent(cards::add);
        }
        if (addresses.isEmpty() || cards.isEmpty()) {
            throw new HostException("None of " + names(others) + " has an address, so no route to them can be cut.");
        }
        String all = "{ " + String.join(", ", addresses) + " }";
        load(
                at.host(),
                "table inet " + require(name) + " {\n"
                        + chain(
                                "arriving",
                                "input",
                                List.of("ip saddr " + all, "ether saddr { " + String.join(", ", cards) + " }"))
                        + chain("leaving", "output", List.of("ip daddr " + all)) + "}");
    }

    /** Lets a machine's packets through again and tells what had been dropped there. */
    public Dropped healRoutes(String name, Machine at) throws InterruptedException {
        return remove(at.host(), name);
    }

    /**
     * Whether a machine gets any sign of another by the direct way. A port that is closed is a sign.
     *
     * @param port the port to ask for
     */
    public boolean reaches(Machine from, Machine to, int port) throws InterruptedException {
        String address = Optional.ofNullable(network(to).getIpAddress()).orElse("");
        CommandResult asked = from.host()
                .run(Command.of(
                        LIMIT, "/bin/sh", "-c", PROBE, "probe", PROBE_SECONDS, address, Integer.toString(port)));
        return asked.status() != SILENCE;
    }

    private static ContainerNetwork network(Machine machine) throws InterruptedException {
        return machine.container().inspect().getNetworkSettings().getNetworks().values().stream()
                .findFirst()
                .orElseThrow(() -> new HostException("The machine " + machine.name() + " is in no network."));
    }

    private static String names(Collection<Machine> machines) {
        return machines.stream().map(Machine::name).collect(Collectors.joining(", "));
    }

    private static String chain(String name, String hook, List<String> matches) {
        return "chain " + name + " {\ntype filter hook " + hook + " priority 0; policy accept;\n"
                + matches.stream().map(match -> match + " counter drop\n").collect(Collectors.joining()) + "}\n";
    }

    private static void load(Host where, String rules) throws InterruptedException {
        where.run(Command.of(LIMIT, "/bin/sh", "-c", LOAD, "load", rules)).orFail();
    }

    private static Dropped remove(Host where, String name) throws InterruptedException {
        return count(where.run(Command.of(LIMIT, "/bin/sh", "-ec", REMOVE, "remove", require(name)))
                .orFail());
    }

    private static Dropped count(CommandResult listed) {
        Dropped all = new Dropped(0, 0);
        Matcher counters = COUNTER.matcher(listed.output());
        while (counters.find()) {
            all = all.and(new Dropped(Long.parseLong(counters.group(1)), Long.parseLong(counters.group(2))));
        }
        return all;
    }

    private static String require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name for a cut; use small letters and digits.");
        }
        return name;
    }

    private synchronized ContainerHost helper() throws InterruptedException {
        if (helper.isEmpty()) {
            String id = engine.bounded().call("a packet filter for the links", CREATE, this::create);
            helper = Optional.of(new ContainerHost("the packet filter", id, engine));
        }
        return helper.get();
    }

    private String create() {
        DockerClient docker = engine.docker();
        String id = docker.createContainerCmd(image)
                .withName("gauntlet-" + ownership.run() + "-filter")
                .withLabels(ownership.labels())
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode("container:" + proxies)
                        .withCapAdd(Capability.NET_ADMIN))
                .exec()
                .getId();
        docker.startContainerCmd(id).exec();
        return id;
    }
}
