package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Makes those {@link AddressFault}s that are made of packets that get lost. ucarp reads and writes below IP: what it reads has not yet passed a machine's packet filter,
 * and what it writes passes none but that of the interface itself. So its packets are taken away at the sender's interface
 * (nftables, family {@code netdev}, hook {@code egress}).
 */
final class AddressFaults {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Arguments: the name of the table, the rules. The interface is that of the machine's own network. */
    private static final String FILTER = """
            set -e
            device=$(ip -o -4 route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p')
            nft "table netdev $1 { chain out { type filter hook egress device \\"$device\\" priority 0; $2 }; }"
            [ -z "$3" ] || nft "table inet $1 { chain in { type filter hook input priority 0; $3 }; }"
            """;

    private static final String UNFILTER = """
            for family in netdev inet; do
              nft list table "$family" "$1" >/dev/null 2>&1 || continue
              nft list table "$family" "$1" | grep counter
              nft delete table "$family" "$1"
            done
            ! nft list ruleset | grep -q "table [a-z]* $1 "
            """;

    /**
     * Led astray and not dropped: of a packet that is dropped on its way out the sender is told, and a ucarp that cannot send
     * takes itself back. Nobody listens at the loopback device.
     */
    private static final String CARP = "ip protocol 112 counter fwd to \"lo\";";

    private final TestCluster cluster;
    private final Targets targets;
    private final AtomicInteger number = new AtomicInteger();

    AddressFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.targets = targets;
    }

    ActiveFault muteCarp(AddressFault.MuteCarp fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        return make(
                fault,
                Map.of(fault.target().toString(), hit.member()),
                Map.of(hit.member(), () -> new Rules(CARP, "")));
    }

    ActiveFault partMachines(AddressFault.PartMachines fault) throws InterruptedException {
        String one = targets.resolve(fault.one()).member();
        String other = targets.resolve(fault.other()).member();
        return make(
                fault,
                Map.of(fault.one().toString(), one, fault.other().toString(), other),
                Map.of(one, () -> rules(one, other), other, () -> rules(other, one)));
    }

    /** Finds out what a machine has to drop. */
    @FunctionalInterface
    private interface Finder {
        Rules find() throws InterruptedException;
    }

    /**
     * What one machine drops on its way out and in.
     *
     * @param out rules at the interface
     * @param in rules before its processes; empty for none
     */
    private record Rules(String out, String in) {}

    /** What a machine has to drop so that it neither reaches another machine nor is reached by it over the links. */
    private Rules rules(String from, String to) throws InterruptedException {
        String address = addressOf(to);
        String ports = cluster.links().between(from, to).stream()
                .map(link -> cluster.routes().route(from, to, link.service()).port())
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        return new Rules(
                CARP
                        + " ip daddr " + address + " counter drop;"
                        + " arp daddr ip " + address + " counter drop;"
                        + " tcp dport { " + ports + " } counter drop;",
                "tcp sport { " + ports + " } counter drop;");
    }

    private String addressOf(String member) throws InterruptedException {
        String said = cluster.machine(member)
                .host()
                .run(Command.of(LIMIT, "hostname", "-i"))
                .orFail()
                .output()
                .strip();
        return said.split(" ", -1)[0];
    }

    private ActiveFault make(Fault fault, Map<String, String> resolved, Map<String, Finder> rules)
            throws InterruptedException {
        String table = "gauntlet_address_" + number.incrementAndGet();
        List<String> members = List.copyOf(rules.keySet());
        Instant from = Instant.now();
        try {
            for (Map.Entry<String, Finder> one : rules.entrySet()) {
                filter(table, one.getKey(), one.getValue());
            }
            Made made = new Made(fault, fault.faultClass(), resolved, from, Instant.now(), Map.of("filter", table));
            KeptFilters kept = new KeptFilters(
                    members.stream().map(cluster::machine).toList(),
                    member -> filter(table, member, Objects.requireNonNull(rules.get(member))));
            return new ActiveFault(made, () -> {
                Set<String> again = kept.end();
                Map<String, String> evidence = heal(table, members);
                if (!again.isEmpty()) {
                    evidence.put("set again after a boot", String.join(", ", again));
                }
                return evidence;
            });
        } catch (HostException | InterruptedException e) {
            undo(table, members, e);
            throw e;
        }
    }

    private void filter(String table, String member, Finder finder) throws InterruptedException {
        Rules rules = finder.find();
        cluster.machine(member)
                .host()
                .run(Command.of(LIMIT, "/bin/sh", "-c", FILTER, "filter", table, rules.out(), rules.in()))
                .orFail();
    }

    /** Takes the filters away. What they have counted is the evidence that they met something. */
    private Map<String, String> heal(String table, List<String> members) throws InterruptedException {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (String member : members) {
            Machine machine = cluster.machine(member);
            if (!machine.state().running()) {
                evidence.put(member, "does not run; its filters are gone");
                continue;
            }
            CommandResult removed = machine.host().run(Command.of(LIMIT, "/bin/sh", "-c", UNFILTER, "unfilter", table));
            if (!removed.succeeded()) {
                throw new FaultNotMade("The filter on " + member + " was not removed: " + removed.describe());
            }
            evidence.put(member, removed.output().strip().replaceAll("\\s+", " "));
        }
        return evidence;
    }

    /** Takes back what may have been done already; what happened first is what is reported. */
    private void undo(String table, List<String> members, Exception because) {
        boolean interrupted = Thread.interrupted();
        try {
            heal(table, members);
        } catch (FaultNotMade | HostException e) {
            because.addSuppressed(e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
