package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Links;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.Routes.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Faults of the links between parties that Toxiproxy makes: what flows through them arrives late, or the connection ends. */
final class LinkFaults {

    /** What a busy computer may add to a round trip. */
    private static final Duration BUSY = Duration.ofMillis(50);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How long a link may take to be quick again once Toxiproxy has taken the trouble away. */
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    /** Toxiproxy's timers may be early by less than a millisecond, each way. */
    private static final Duration EARLY = Duration.ofMillis(2);

    /** What a narrow link is seen by; the longest question a postmaster takes before it answers is 10,000 bytes. */
    private static final int WEIGHT = 8000;

    private static final double NANOS_PER_MILLI = 1e6;

    private final TestCluster cluster;
    private final Links links;
    private final Targets targets;
    private final Settling settling;
    private final AtomicLong number = new AtomicLong();

    LinkFaults(TestCluster cluster, Targets targets, Settling settling) {
        this.cluster = cluster;
        this.links = cluster.links();
        this.targets = targets;
        this.settling = settling;
    }

    /** Lays a trouble on one link. */
    @FunctionalInterface
    private interface Lay {
        void on(Link link, String name) throws InterruptedException;
    }

    /** Asks something through a link and tells how long the answer took. */
    @FunctionalInterface
    private interface Question {
        Optional<Duration> ask(Link link, Duration limit) throws InterruptedException;
    }

    /**
     * A kind of trouble.
     *
     * @param lay how it is laid on a link
     * @param question what it is seen by
     * @param least how long an answer takes at least while it lies there; empty if there is no answer at all
     */
    private record Trouble(Lay lay, Question question, Optional<Duration> least) {

        Duration patience() {
            return PATIENCE.plus(least.orElse(Duration.ZERO));
        }
    }

    ActiveFault slow(Fault.SlowLink fault) throws InterruptedException {
        return make(fault, fault.from(), fault.to(), slowBy(fault.latency()));
    }

    ActiveFault slowArbiters(ArbiterFault.SlowArbiters fault) throws InterruptedException {
        List<Link> all = cluster.members().stream()
                .flatMap(member ->
                        cluster.arbiters().stream().flatMap(arbiter -> links.between(member, arbiter).stream()))
                .toList();
        return make(
                fault,
                Map.of(Party.Beside.ARBITER.toString(), String.join(" and ", cluster.arbiters())),
                all,
                slowBy(fault.latency()));
    }

    private Trouble slowBy(Duration latency) {
        return new Trouble(
                (link, name) -> links.slow(link, name, latency),
                links::roundTrip,
                Optional.of(latency.multipliedBy(2)));
    }

    ActiveFault jitter(LinkFault.JitteryLink fault) throws InterruptedException {
        // Half of it at least on the way there, and half of it at least on the way back.
        return make(
                fault,
                fault.from(),
                fault.to(),
                new Trouble(
                        (link, name) -> links.jitter(link, name, fault.latency()),
                        links::roundTrip,
                        Optional.of(fault.latency())));
    }

    ActiveFault narrow(LinkFault.NarrowLink fault) throws InterruptedException {
        return make(
                fault,
                fault.from(),
                fault.to(),
                new Trouble(
                        (link, name) -> links.narrow(link, name, fault.kilobytesPerSecond()),
                        (link, limit) -> links.heavyRoundTrip(link, WEIGHT, limit),
                        Optional.of(Duration.ofMillis(WEIGHT / fault.kilobytesPerSecond()))));
    }

    ActiveFault reset(LinkFault.ResettingLink fault) throws InterruptedException {
        return make(fault, fault.from(), fault.to(), new Trouble(links::reset, links::roundTrip, Optional.empty()));
    }

    ActiveFault slice(LinkFault.SlicedLink fault) throws InterruptedException {
        int pauses = LinkFault.SlicedLink.QUESTION / fault.bytes() - 1;
        return make(
                fault,
                fault.from(),
                fault.to(),
                new Trouble(
                        (link, name) -> links.slice(link, name, fault.bytes(), fault.pause()),
                        links::roundTrip,
                        Optional.of(fault.pause().multipliedBy(pauses))));
    }

    private ActiveFault make(Fault fault, Party from, Party to, Trouble trouble) throws InterruptedException {
        List<String> openers = targets.parties(from, cluster.arbiters());
        List<String> accepters = targets.parties(to, cluster.arbiters());
        List<Link> troubled = openers.stream()
                .flatMap(one -> accepters.stream().flatMap(other -> links.between(one, other).stream()))
                .toList();
        String opener = String.join(" and ", openers);
        String accepter = String.join(" and ", accepters);
        if (troubled.isEmpty()) {
            throw new FaultNotMade("There is no link from " + opener + " to " + accepter + " in this cluster.");
        }
        Map<String, String> resolved = new TreeMap<>();
        resolved.put(from.toString(), opener);
        resolved.put(to.toString(), accepter);
        return make(fault, resolved, troubled, trouble);
    }

    private ActiveFault make(Fault fault, Map<String, String> resolved, List<Link> troubled, Trouble trouble)
            throws InterruptedException {
        String name = "trouble-" + number.incrementAndGet();
        Map<String, String> evidence = new LinkedHashMap<>();
        Instant begun = Instant.now();
        Instant done;
        try {
            List<Link> answering = List.copyOf(
                    measure("round trip before", troubled, trouble, evidence).keySet());
            if (answering.isEmpty()) {
                throw new VictimGone("Nobody answers through " + troubled + ", so it cannot be seen how they are.");
            }
            begun = Instant.now();
            for (Link link : troubled) {
                trouble.lay().on(link, name);
            }
            done = Instant.now();
            verify(troubled, answering, name, trouble, evidence);
        } catch (FaultNotMade | EnvironmentException | InterruptedException e) {
            undo(troubled, name, e);
            throw e;
        }
        return new ActiveFault(
                new Made(fault, fault.faultClass(), resolved, begun, done, evidence),
                () -> heal(troubled, name, fault, trouble));
    }

    private void verify(
            List<Link> troubled, List<Link> answering, String name, Trouble trouble, Map<String, String> evidence)
            throws InterruptedException {
        for (Link link : troubled) {
            if (!links.isTroubled(link, name)) {
                throw new FaultNotMade(
                        "Toxiproxy does not list the trouble on " + link + "; it lists " + links.troubles(link) + ".");
            }
        }
        Map<Link, Duration> trips = measure("round trip", answering, trouble, evidence);
        if (trouble.least().isEmpty()) {
            if (!trips.isEmpty()) {
                throw new FaultNotMade("Somebody still answers through " + trips.keySet() + ".");
            }
            return;
        }
        if (trips.isEmpty()) {
            throw new FaultNotMade("Nobody answers through " + answering + " any more, so its effect cannot be seen.");
        }
        Duration least = trouble.least().get();
        trips.forEach((link, trip) -> {
            if (trip.plus(EARLY).compareTo(least) < 0) {
                throw new FaultNotMade("A round trip through " + link + " takes " + trip.toMillis()
                        + " ms, and should take at least " + least.toMillis() + " ms.");
            }
        });
    }

    private static Map<Link, Duration> measure(
            String what, List<Link> through, Trouble trouble, Map<String, String> evidence)
            throws InterruptedException {
        Map<Link, Duration> trips = new LinkedHashMap<>();
        for (Link link : through) {
            Optional<Duration> trip = trouble.question().ask(link, trouble.patience());
            evidence.put(
                    what + " " + link,
                    trip.map(took -> took.toNanos() / NANOS_PER_MILLI + " ms").orElse("nobody answers"));
            trip.ifPresent(took -> trips.put(link, took));
        }
        return trips;
    }

    private Map<String, String> heal(List<Link> troubled, String name, Fault fault, Trouble trouble)
            throws InterruptedException {
        Map<String, String> evidence = new LinkedHashMap<>();
        settling.await();
        try {
            for (Link link : troubled) {
                links.heal(link, name);
                List<String> left = links.troubles(link).stream()
                        .filter(each -> each.startsWith(name + "."))
                        .toList();
                if (!left.isEmpty()) {
                    throw new FaultNotMade("Toxiproxy still lists " + left + " on " + link + ".");
                }
            }
            awaitQuick(troubled, trouble, evidence);
        } catch (EnvironmentException e) {
            throw new FaultNotMade("The link could not be healed after " + fault + ": " + e.getMessage(), e);
        }
        return evidence;
    }

    /**
     * Waits until each link has once answered as quickly as it does without the trouble. Where the trouble was smaller than what
     * a busy computer adds, that Toxiproxy lists it no more has to do.
     */
    private static void awaitQuick(List<Link> healed, Trouble trouble, Map<String, String> evidence)
            throws InterruptedException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        Map<Link, Duration> trips = measure("round trip", healed, trouble, evidence);
        if (trouble.least().isEmpty()) {
            return;
        }
        Duration quick =
                trouble.least().get().compareTo(BUSY) > 0 ? trouble.least().get() : BUSY;
        while (true) {
            // On a busy machine a healthy answer may take long too; one quick answer settles it.
            trips.values().removeIf(trip -> trip.compareTo(quick) < 0);
            if (trips.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new FaultNotMade("Waited " + RECOVERY.toSeconds() + " s for the healed link to be quicker than "
                        + quick.toMillis() + " ms; seen: " + evidence + ".");
            }
            trips = measure("round trip", new ArrayList<>(trips.keySet()), trouble, evidence);
        }
    }

    /** Takes back what may have been done already; what happened first is what is reported. */
    private void undo(List<Link> troubled, String name, Exception because) {
        boolean interrupted = Thread.interrupted();
        for (Link link : troubled) {
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
