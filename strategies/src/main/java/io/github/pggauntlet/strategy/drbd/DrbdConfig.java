package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.NoPrimary;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.OnePrimary;
import io.github.pggauntlet.strategy.drbd.SplitBrainPolicies.TwoPrimaries;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A resource of DRBD: one disk, on two machines.
 *
 * <p>What is left to DRBD's own defaults is not in the file, with two exceptions that people are bitten by: the fencing policy
 * and the protocol are always written. Source of names, limits and defaults: {@code drbd.conf-8.4(5)}.
 *
 * @param resource the resource's name
 * @param minor the number of the device {@code /dev/drbdN}
 * @param disk the path of the disk underneath, the same on both machines
 * @param protocol when a write counts as done
 * @param fencing what happens to the peer before a machine that has lost it goes on
 * @param fencePeer the program that puts the peer out of action; wanted with every fencing policy but
 *     {@link Fencing#DONT_CARE}
 * @param splitBrain what happens when the two have both been primary
 * @param timeouts after how long the other one counts as lost
 * @param here the machine that the file is for
 * @param there the other one, as it is reached from here
 */
public record DrbdConfig(
        String resource,
        int minor,
        String disk,
        Protocol protocol,
        Fencing fencing,
        Optional<String> fencePeer,
        SplitBrainPolicies splitBrain,
        DrbdTimeouts timeouts,
        Peer here,
        Peer there) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,40}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._/-]+");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final int MOST_MINORS = 255;
    private static final int MOST_PORTS = 65_535;

    /** When a write counts as done. */
    public enum Protocol {
        /** When it is on the disk here and in the send buffer: what is in the buffer is lost with the machine. */
        A,
        /** When it is on the disk here and in the other machine's memory: lost when both lose their power. */
        B,
        /** When it is on both disks. */
        C
    }

    /** What a machine that has lost the other does before it goes on. */
    public enum Fencing {
        /** Nothing: a machine that hears nothing may be promoted. This is DRBD's default, and the door to split brain. */
        DONT_CARE,
        /** The handler is called, and writes go on meanwhile. */
        RESOURCE_ONLY,
        /** Writes stand still until the handler has put the other machine out of action. */
        RESOURCE_AND_STONITH;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Fencing of(String word) {
            return named(values(), word, Fencing::word, "fencing policy");
        }
    }

    /**
     * One end.
     *
     * @param machine the machine's name, as {@code uname -n} gives it there
     * @param address an IPv4 address
     * @param port the port at which the other end connects
     */
    public record Peer(String machine, String address, int port) {
        public Peer {
            require("A machine's name", machine, NAME);
            require("An address", address, ADDRESS);
            if (port < 1 || port > MOST_PORTS) {
                throw new IllegalArgumentException("A port lies between 1 and " + MOST_PORTS + ", not " + port + ".");
            }
        }
    }

    public DrbdConfig {
        require("A resource's name", resource, NAME);
        require("A disk's path", disk, PATH);
        fencePeer.ifPresent(program -> require("The path of the handler that fences", program, PATH));
        if (minor < 0 || minor > MOST_MINORS) {
            throw new IllegalArgumentException(
                    "A device's number lies between 0 and " + MOST_MINORS + ", not " + minor + ".");
        }
        if (fencing == Fencing.DONT_CARE && fencePeer.isPresent()) {
            throw new IllegalArgumentException("With fencing dont-care the handler " + fencePeer.get()
                    + " would never be called; choose resource-only or resource-and-stonith, or leave it out.");
        }
        if (fencing != Fencing.DONT_CARE && fencePeer.isEmpty()) {
            throw new IllegalArgumentException("Fencing " + fencing.word()
                    + " takes a handler that puts the other machine out of action; name one.");
        }
        if (here.machine().equals(there.machine())) {
            throw new IllegalArgumentException(
                    "A resource joins two machines, not " + here.machine() + " with itself.");
        }
        if (here.address().equals(there.address()) && here.port() == there.port()) {
            throw new IllegalArgumentException(
                    "Both machines cannot be at " + here.address() + ":" + here.port() + ".");
        }
    }

    private static void require(String what, String value, Pattern pattern) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " cannot be '" + value + "'.");
        }
    }

    static <E> E named(E[] values, String word, java.util.function.Function<E, String> name, String what) {
        return Arrays.stream(values)
                .filter(value -> name.apply(value).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no " + what + "; choose one of: "
                        + String.join(", ", Arrays.stream(values).map(name).toList()) + "."));
    }

    /** The same, with this machine at another place. */
    public DrbdConfig at(Peer place) {
        return new DrbdConfig(resource, minor, disk, protocol, fencing, fencePeer, splitBrain, timeouts, place, there);
    }

    /** The device that is used. */
    public String device() {
        return "/dev/drbd" + minor;
    }

    /** Where the file lies. */
    public String file() {
        return "/etc/drbd.d/" + resource + ".res";
    }

    /** Whether a write that was acknowledged may be thrown away when the machines meet again, without anybody being asked. */
    public boolean mayDiscard() {
        return splitBrain.mayDiscard();
    }

    /** The file. */
    public String render() {
        StringBuilder text = new StringBuilder("resource " + resource + " {\n");
        text.append("  net {\n");
        line(text, "protocol", protocol.name());
        line(text, "after-sb-0pri", splitBrain.none().word());
        line(text, "after-sb-1pri", splitBrain.one().word());
        line(text, "after-sb-2pri", splitBrain.two().word());
        line(text, "rr-conflict", "disconnect");
        line(text, "allow-two-primaries", "no");
        line(text, "ping-int", Long.toString(timeouts.pingInterval().toSeconds()));
        line(text, "ping-timeout", Long.toString(timeouts.pingTimeout().toMillis() / 100));
        line(text, "timeout", Long.toString(timeouts.timeout().toMillis() / 100));
        line(text, "connect-int", Long.toString(timeouts.connectInterval().toSeconds()));
        line(text, "verify-alg", "crc32c");
        text.append("  }\n  disk {\n");
        line(text, "fencing", fencing.word());
        line(text, "on-io-error", "detach");
        // By itself DRBD begins a resync at 250 kB/s; until it is over there is one good disk.
        line(text, "c-plan-ahead", "0");
        line(text, "resync-rate", "30M");
        text.append("  }\n");
        fencePeer.ifPresent(program -> {
            text.append("  handlers {\n");
            line(text, "fence-peer", '"' + program + '"');
            text.append("  }\n");
        });
        for (Peer peer : List.of(here, there)) {
            text.append("  on ").append(peer.machine()).append(" {\n");
            line(text, "device", device());
            line(text, "disk", disk);
            line(text, "address", "ipv4 " + peer.address() + ":" + peer.port());
            line(text, "meta-disk", "internal");
            text.append("  }\n");
        }
        return text.append("}\n").toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("    ").append(name).append(' ').append(value).append(";\n");
    }

    /**
     * Reads what {@link #render} has written.
     *
     * @param text the file
     * @param machine the machine it is for
     * @throws IllegalArgumentException if it is no such file; the message says why
     */
    public static DrbdConfig parse(String text, String machine) {
        ResourceFile file = ResourceFile.parse(text);
        Map<String, String> net = file.section("net");
        Map<String, String> disk = file.section("disk");
        List<ResourceFile.Machine> machines = file.machines();
        if (machines.size() != 2) {
            throw new IllegalArgumentException(
                    "A resource joins two machines; this one names " + machines.size() + ".");
        }
        ResourceFile.Machine here = machines.stream()
                .filter(one -> one.name().equals(machine))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The resource does not name " + machine + "."));
        ResourceFile.Machine there = machines.get(machines.get(0).equals(here) ? 1 : 0);
        return new DrbdConfig(
                file.resource(),
                here.minor(),
                here.value("disk"),
                named(Protocol.values(), ResourceFile.value(net, "protocol"), Protocol::name, "protocol"),
                Fencing.of(ResourceFile.value(disk, "fencing")),
                Optional.ofNullable(file.section("handlers").get("fence-peer")).map(ResourceFile::unquoted),
                new SplitBrainPolicies(
                        NoPrimary.of(ResourceFile.value(net, "after-sb-0pri")),
                        OnePrimary.of(ResourceFile.value(net, "after-sb-1pri")),
                        TwoPrimaries.of(ResourceFile.value(net, "after-sb-2pri"))),
                DrbdTimeouts.parse(net),
                here.peer(),
                there.peer());
    }
}
