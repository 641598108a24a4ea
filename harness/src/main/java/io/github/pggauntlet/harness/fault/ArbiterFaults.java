package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Faults of the arbiters themselves. */
final class ArbiterFaults {

    private static final Duration SIGN = Duration.ofMillis(500);
    private static final Duration RECOVERY = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final TestCluster cluster;

    ArbiterFaults(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** What is done to one machine. */
    @FunctionalInterface
    private interface Blow {
        Machine.State on(Machine machine) throws InterruptedException;
    }

    /** How that is undone. */
    @FunctionalInterface
    private interface Cure {
        void of(Machine machine) throws InterruptedException;
    }

    ActiveFault kill(ArbiterFault.KillArbiters fault) throws InterruptedException {
        return hit(fault, fault.number(), Machine::kill, machine -> {
            if (!machine.state().running()) {
                machine.powerOn();
            }
        });
    }

    ActiveFault freeze(ArbiterFault.FreezeArbiters fault) throws InterruptedException {
        return hit(fault, fault.number(), Machine::pause, machine -> {
            if (machine.state().paused()) {
                machine.unpause();
            }
        });
    }

    private ActiveFault hit(ArbiterFault fault, int number, Blow blow, Cure cure) throws InterruptedException {
        List<String> all = cluster.arbiters();
        if (number > all.size()) {
            throw new FaultNotMade("There are not " + number + " arbiters in this cluster, but " + all.size() + ".");
        }
        List<String> hit = all.subList(0, number);
        for (String name : hit) {
            Machine.State state = cluster.arbiter(name).state();
            if (!state.running() || state.paused()) {
                throw new FaultNotMade("The arbiter " + name + " does not run; it is " + state.status() + ".");
            }
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        Instant from = Instant.now();
        for (String name : hit) {
            evidence.put(name, blow.on(cluster.arbiter(name)).status());
        }
        Instant to = Instant.now();
        for (String name : hit) {
            if (cluster.links().roundTrip(link(name), SIGN).isPresent()) {
                throw new FaultNotMade("The arbiter " + name + " still answers, though " + fault + ".");
            }
        }
        boolean majorityLeft = (all.size() - number) * 2 > all.size();
        return new ActiveFault(
                new Made(
                        fault,
                        majorityLeft ? FaultClass.LINK_CUT : fault.faultClass(),
                        Map.of("the arbiter", String.join(" and ", hit)),
                        from,
                        to,
                        evidence),
                () -> heal(hit, cure));
    }

    private Map<String, String> heal(List<String> hit, Cure cure) throws InterruptedException {
        Map<String, String> evidence = new LinkedHashMap<>();
        try {
            for (String name : hit) {
                cure.of(cluster.arbiter(name));
            }
            for (String name : hit) {
                evidence.put(name, "answers after " + awaitAnswer(name).toMillis() + " ms");
            }
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The arbiters " + hit + " were not brought back: " + e.getMessage(), e);
        }
        return evidence;
    }

    private Duration awaitAnswer(String name) throws InterruptedException {
        long begin = System.nanoTime();
        while (cluster.links().roundTrip(link(name), SIGN).isEmpty()) {
            if (System.nanoTime() - begin > RECOVERY.toNanos()) {
                throw new FaultNotMade("Waited " + RECOVERY.toSeconds() + " s for the arbiter " + name
                        + " to answer again; it is "
                        + cluster.arbiter(name).state().status() + ".");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static Link link(String name) {
        return new Link(Routes.OPERATOR, name, Service.ARBITER);
    }
}
