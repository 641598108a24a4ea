package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Links;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.Routes.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Faults of the links between parties. */
final class LinkFaults {

    /** How long an answer may take through a link that is not slow at all. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How long a link may take to be quick again once Toxiproxy has taken the delay away. */
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private static final double NANOS_PER_MILLI = 1e6;

    private final Links links;
    private final Targets targets;
    private final AtomicLong number = new AtomicLong();

    LinkFaults(Links links, Targets targets) {
        this.links = links;
        this.targets = targets;
    }

    ActiveFault slow(Fault.SlowLink fault) throws InterruptedException {
        String from = resolve(fault.from());
        String to = resolve(fault.to());
        List<Link> slowed = links.between(from, to);
        if (slowed.isEmpty()) {
            throw new FaultNotMade("There is no link from " + from + " to " + to + " in this cluster.");
        }
        String name = "slow-" + number.incrementAndGet();
        Map<String, String> evidence = new LinkedHashMap<>();
        Instant begun = Instant.now();
        Instant done;
        try {
            measure("round trip before", slowed, fault.latency(), evidence);
            begun = Instant.now();
            for (Link link : slowed) {
                links.slow(link, name, fault.latency());
            }
            done = Instant.now();
            verifySlow(slowed, name, fault, evidence);
        } catch (FaultNotMade | EnvironmentException | InterruptedException e) {
            undo(slowed, name, e);
            throw e;
        }
        return new ActiveFault(
                new Made(
                        fault,
                        fault.faultClass(),
                        Map.of(fault.from().toString(), from, fault.to().toString(), to),
                        begun,
                        done,
                        evidence),
                () -> heal(slowed, name, fault));
    }

    private String resolve(Party party) {
        if (party instanceof Target target) {
            return targets.resolve(target).member();
        }
        return ((Party.Beside) party).party();
    }

    private void verifySlow(List<Link> slowed, String name, Fault.SlowLink fault, Map<String, String> evidence)
            throws InterruptedException {
        for (Link link : slowed) {
            if (!links.isTroubled(link, name)) {
                throw new FaultNotMade(
                        "Toxiproxy does not list the delay on " + link + "; it lists " + links.troubles(link) + ".");
            }
        }
        Map<Link, Duration> trips = measure("round trip", slowed, fault.latency(), evidence);
        if (trips.isEmpty()) {
            throw new FaultNotMade("Nobody answers through " + slowed + ", so it cannot be seen whether it is slow.");
        }
        Duration least = fault.latency().multipliedBy(2);
        trips.forEach((link, trip) -> {
            // Toxiproxy's timers may be early by less than a millisecond.
            if (trip.plusMillis(2).compareTo(least) < 0) {
                throw new FaultNotMade("A round trip through " + link + " takes " + trip.toMillis()
                        + " ms, and should take at least " + least.toMillis() + " ms.");
            }
        });
    }

    private Map<Link, Duration> measure(String what, List<Link> through, Duration latency, Map<String, String> evidence)
            throws InterruptedException {
        Map<Link, Duration> trips = new LinkedHashMap<>();
        for (Link link : through) {
            Optional<Duration> trip = links.roundTrip(link, PATIENCE.plus(latency.multipliedBy(2)));
            evidence.put(
                    what + " " + link,
                    trip.map(took -> took.toNanos() / NANOS_PER_MILLI + " ms").orElse("nobody answers"));
            trip.ifPresent(took -> trips.put(link, took));
        }
        return trips;
    }

    private Map<String, String> heal(List<Link> slowed, String name, Fault.SlowLink fault) throws InterruptedException {
        Map<String, String> evidence = new LinkedHashMap<>();
        try {
            for (Link link : slowed) {
                links.heal(link, name);
                List<String> left = links.troubles(link).stream()
                        .filter(trouble -> trouble.startsWith(name + "."))
                        .toList();
                if (!left.isEmpty()) {
                    throw new FaultNotMade("Toxiproxy still lists " + left + " on " + link + ".");
                }
            }
            awaitQuick(slowed, fault, evidence);
        } catch (EnvironmentException e) {
            throw new FaultNotMade("The link could not be healed after " + fault + ": " + e.getMessage(), e);
        }
        return evidence;
    }

    private void awaitQuick(List<Link> healed, Fault.SlowLink fault, Map<String, String> evidence)
            throws InterruptedException {
        Duration slow = fault.latency().multipliedBy(2);
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        Map<Link, Duration> trips = measure("round trip", healed, fault.latency(), evidence);
        // On a busy machine a healthy answer may take longer than a small delay did; one quick answer settles it.
        while (trips.values().stream().anyMatch(trip -> trip.compareTo(slow) >= 0)) {
            if (System.nanoTime() > deadline) {
                throw new FaultNotMade("Waited " + RECOVERY.toSeconds() + " s for the healed link to be quicker than "
                        + slow.toMillis() + " ms; seen: " + evidence + ".");
            }
            trips = measure("round trip", healed, fault.latency(), evidence);
        }
    }

    /** Takes back what may have been done already; what happened first is what is reported. */
    private void undo(List<Link> slowed, String name, Exception because) {
        boolean interrupted = Thread.interrupted();
        for (Link link : slowed) {
            try {
                links.heal(link, name);
            } catch (EnvironmentException e) {
                because.addSuppressed(e);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
