package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Links;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.PacketFilter;
import io.github.pggauntlet.harness.cluster.PacketFilter.Flow;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.harness.fault.PartitionFault.Neighbour;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Links and routes that lose their packets. */
final class CutFaults {

    /** How long a link that is whole may take to give a sign of life; a busy one takes its time. */
    private static final Duration SIGN = Duration.ofSeconds(2);

    /** After so long without a sign a link that gave one before is silent. */
    private static final Duration SILENCE = Duration.ofMillis(300);

    private static final Duration RECOVERY = Duration.ofSeconds(10);

    /** A machine with a kernel of its own may have chosen to start anew, and boots meanwhile. */
    private static final Duration REBOOT = Duration.ofMinutes(2);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

    /** Any port serves to see a direct route: one that is closed answers too. */
    private static final int AGENT_PORT = 8008;

    private final TestCluster cluster;
    private final Links links;
    private final PacketFilter filter;
    private final Targets targets;
    private final AtomicInteger number = new AtomicInteger();

    CutFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.links = cluster.links();
        this.filter = cluster.filter();
        this.targets = targets;
    }

    /**
     * What is to be cut.
     *
     * @param links the links
     * @param flow which of their packets are lost
     * @param routes for each machine the others it does not reach directly
     */
    private record Plan(List<Link> links, Flow flow, Map<String, Set<String>> routes) {}

    // ---- what is cut by which fault

    ActiveFault cutLink(LinkFault.CutLink fault) throws InterruptedException {
        Ends ends = ends(fault.from(), fault.to());
        return make(fault, ends.judgedAs(fault), ends.resolved(), new Plan(ends.links(), fault.flow(), Map.of()));
    }

    ActiveFault flap(LinkFault.FlappingLink fault) throws InterruptedException {
        Ends ends = ends(fault.from(), fault.to());
        Plan plan = new Plan(ends.links(), Flow.BOTH, Map.of());
        String name = name();
        ActiveFault first = make(fault, ends.judgedAs(fault), ends.resolved(), plan, name);
        Flapping flapping = new Flapping(
                fault, () -> links.cut(filter, name, plan.links(), plan.flow()), () -> links.join(filter, name));
        return new ActiveFault(first.made(), () -> {
            Map<String, String> evidence = new LinkedHashMap<>(flapping.end());
            evidence.putAll(first.heal().evidence());
            return evidence;
        });
    }

    ActiveFault cutBetween(PartitionFault.CutBetween fault) throws InterruptedException {
        Ends ends = bothWays(fault.one(), fault.other());
        Routed routed = new Routed();
        ends.from().forEach(one -> ends.to().forEach(other -> routed.cut(one, other)));
        return make(fault, ends.judgedAs(fault), ends.resolved(), new Plan(ends.links(), Flow.BOTH, routed.routes));
    }

    ActiveFault cutLinks(PartitionFault.CutLinks fault) throws InterruptedException {
        Ends ends = bothWays(fault.one(), fault.other());
        return make(fault, ends.judgedAs(fault), ends.resolved(), new Plan(ends.links(), Flow.BOTH, Map.of()));
    }

    private Ends bothWays(Party one, Party other) {
        Ends there = ends(one, other);
        List<Link> all = new ArrayList<>(there.links());
        there.from().forEach(from -> there.to().forEach(to -> all.addAll(links.between(to, from))));
        return new Ends(there.from(), there.to(), all, there.resolved(), there.noWay());
    }

    ActiveFault isolate(PartitionFault.Isolate fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        String member = hit.member();
        Set<String> lost = new LinkedHashSet<>();
        for (Neighbour neighbour : new TreeSet<>(fault.from())) {
            lost.addAll(
                    switch (neighbour) {
                        case PEERS ->
                            cluster.members().stream()
                                    .filter(other -> !other.equals(member))
                                    .toList();
                        case ARBITER -> cluster.arbiters();
                        case CLIENTS -> List.of(Routes.CLIENTS);
                    });
        }
        List<Link> all = new ArrayList<>();
        Routed routed = new Routed();
        for (String other : lost) {
            all.addAll(links.between(member, other));
            all.addAll(links.between(other, member));
            routed.cut(member, other);
        }
        return make(
                fault,
                Targets.judgedAs(fault, hit),
                Map.of(fault.target().toString(), member),
                new Plan(all, Flow.BOTH, routed.routes));
    }

    ActiveFault split(PartitionFault.Split fault) throws InterruptedException {
        List<String> members = new ArrayList<>(cluster.members());
        if (members.size() < fault.shape().machines()) {
            throw new FaultNotMade("It takes " + fault.shape().machines() + " machines so that " + fault + ", not "
                    + members.size() + ".");
        }
        String primary = targets.resolve(Target.primary()).member();
        members.remove(primary);
        members.add(0, primary);
        List<Link> all = new ArrayList<>();
        Routed routed = new Routed();
        for (List<String> pair : fault.shape().parted(members)) {
            all.addAll(links.between(pair.get(0), pair.get(1)));
            all.addAll(links.between(pair.get(1), pair.get(0)));
            routed.cut(pair.get(0), pair.get(1));
        }
        return make(fault, fault.faultClass(), Map.of("the primary", primary), new Plan(all, Flow.BOTH, routed.routes));
    }

    /** The two ends of the links of a fault, by name. */
    private record Ends(
            List<String> from, List<String> to, List<Link> links, Map<String, String> resolved, boolean noWay) {

        /** Clients that do not reach the primary have nowhere to write as long as it is primary. */
        FaultClass judgedAs(Fault fault) {
            return noWay ? FaultClass.PARTITION : fault.faultClass();
        }
    }

    private Ends ends(Party from, Party to) {
        List<String> openers = targets.parties(from, cluster.arbiters());
        List<String> accepters = targets.parties(to, cluster.arbiters());
        List<Link> between = openers.stream()
                .flatMap(one -> accepters.stream().flatMap(other -> links.between(one, other).stream()))
                .toList();
        Map<String, String> resolved = new TreeMap<>();
        resolved.put(from.toString(), String.join(" and ", openers));
        resolved.put(to.toString(), String.join(" and ", accepters));
        List<String> both = new ArrayList<>(openers);
        both.addAll(accepters);
        boolean noWay = both.contains(Routes.CLIENTS)
                && targets.seen().stream()
                        .anyMatch(node -> node.role() == NodeRole.PRIMARY && both.contains(node.member()));
        return new Ends(openers, accepters, between, resolved, noWay);
    }

    /** Collects which machine does not reach which. Cut at both ends, so that a boot at one end does not join them. */
    private final class Routed {
        private final Map<String, Set<String>> routes = new TreeMap<>();

        void cut(String one, String other) {
            add(one, other);
            add(other, one);
        }

        private void add(String at, String other) {
            boolean reachable =
                    cluster.members().contains(other) || cluster.arbiters().contains(other);
            if (cluster.members().contains(at) && reachable) {
                routes.computeIfAbsent(at, key -> new TreeSet<>()).add(other);
            }
        }
    }

    // ---- how it is made, seen and healed

    private String name() {
        return "cut_" + number.incrementAndGet();
    }

    private ActiveFault make(Fault fault, FaultClass judgedAs, Map<String, String> resolved, Plan plan)
            throws InterruptedException {
        return make(fault, judgedAs, resolved, plan, name());
    }

    private ActiveFault make(Fault fault, FaultClass judgedAs, Map<String, String> resolved, Plan plan, String name)
            throws InterruptedException {
        if (plan.links().isEmpty()) {
            throw new FaultNotMade("There is no link in this cluster that would have to be cut so that " + fault + ".");
        }
        Set<Link> spoke = links.speaking(plan.links(), SIGN);
        if (spoke.isEmpty()) {
            throw new VictimGone(
                    "Nothing comes back through " + plan.links() + ", so it cannot be seen whether they are cut.");
        }
        Set<String> reached = reached(plan.routes());
        Instant from = Instant.now();
        try {
            links.cut(filter, name, plan.links(), plan.flow());
            for (Map.Entry<String, Set<String>> route : plan.routes().entrySet()) {
                Machine machine = cluster.machine(route.getKey());
                if (runs(machine)) {
                    filter.cutRoutes(name, machine, machines(route.getValue()));
                }
            }
            Instant to = Instant.now();
            Map<String, String> evidence = verify(name, spoke, reached, plan);
            return new ActiveFault(
                    new Made(fault, judgedAs, resolved, from, to, evidence), () -> heal(name, plan, spoke));
        } catch (FaultNotMade | HostException | EnvironmentException | InterruptedException e) {
            undo(name, plan, e);
            throw e;
        }
    }

    private Map<String, String> verify(String name, Set<Link> spoke, Set<String> reached, Plan plan)
            throws InterruptedException {
        Set<Link> speaking = links.speaking(spoke, SILENCE);
        if (!speaking.isEmpty()) {
            throw new FaultNotMade("Something still comes back through " + speaking + ".");
        }
        Set<String> still = reached(plan.routes());
        still.retainAll(reached);
        if (!still.isEmpty()) {
            throw new FaultNotMade("These still reach each other directly: " + still + ".");
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("silent", spoke.toString());
        if (!reached.isEmpty()) {
            evidence.put("direct routes cut", reached.toString());
        }
        evidence.put("dropped so far", links.dropped(filter, name).toString());
        return evidence;
    }

    /** The pairs of machines that reach each other by the direct way, as far as it can be asked. */
    private Set<String> reached(Map<String, Set<String>> routes) throws InterruptedException {
        Set<String> reached = new TreeSet<>();
        for (Map.Entry<String, Set<String>> route : routes.entrySet()) {
            Machine from = cluster.machine(route.getKey());
            for (Machine to : machines(route.getValue())) {
                if (runs(from) && runs(to) && filter.reaches(from, to, AGENT_PORT)) {
                    reached.add(from.name() + " to " + to.name());
                }
            }
        }
        return reached;
    }

    private List<Machine> machines(Collection<String> names) {
        return names.stream().map(this::machine).toList();
    }

    private Machine machine(String name) {
        return cluster.arbiters().contains(name) ? cluster.arbiter(name) : cluster.machine(name);
    }

    private static boolean runs(Machine machine) throws InterruptedException {
        Machine.State state = machine.state();
        return state.running() && !state.paused();
    }

    private Map<String, String> heal(String name, Plan plan, Set<Link> spoke) throws InterruptedException {
        Map<String, String> evidence = new LinkedHashMap<>();
        try {
            evidence.put("dropped", links.join(filter, name).toString());
            for (String member : plan.routes().keySet()) {
                Machine machine = cluster.machine(member);
                if (runs(machine)) {
                    evidence.put("dropped at " + member, healRoutes(name, machine));
                }
            }
            awaitSigns(spoke, evidence);
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The links " + plan.links() + " could not be healed: " + e.getMessage(), e);
        }
        return evidence;
    }

    /** A machine that boots cannot be told; nor has it anything to be told, but that is seen only when it can be. */
    private String healRoutes(String name, Machine machine) throws InterruptedException {
        long deadline = System.nanoTime() + patience(machine).toNanos();
        while (true) {
            try {
                return filter.healRoutes(name, machine).toString();
            } catch (HostException e) {
                if (!machine.hasOwnKernel() || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(BETWEEN_TRIES.toMillis());
            }
        }
    }

    private static Duration patience(Machine machine) {
        return machine.hasOwnKernel() ? REBOOT : RECOVERY;
    }

    /** Waits for a sign through each link at whose other end something runs. */
    private void awaitSigns(Set<Link> spoke, Map<String, String> evidence) throws InterruptedException {
        Duration patience = patience(cluster.machine(cluster.members().get(0)));
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Set<Link> expected = new LinkedHashSet<>();
            for (Link link : spoke) {
                if (runs(machine(link.to()))) {
                    expected.add(link);
                }
            }
            Set<Link> speaking = links.speaking(expected, SIGN);
            if (speaking.containsAll(expected)) {
                evidence.put("speaking again", speaking.toString());
                return;
            }
            if (System.nanoTime() > deadline) {
                expected.removeAll(speaking);
                throw new FaultNotMade(
                        "Waited " + patience.toSeconds() + " s for a sign through the healed links " + expected + ".");
            }
        }
    }

    /** Takes back what may have been done already; what happened first is what is reported. */
    private void undo(String name, Plan plan, Exception because) {
        boolean interrupted = Thread.interrupted();
        try {
            links.join(filter, name);
            for (String member : plan.routes().keySet()) {
                if (runs(cluster.machine(member))) {
                    filter.healRoutes(name, cluster.machine(member));
                }
            }
        } catch (HostException | EnvironmentException e) {
            because.addSuppressed(e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
