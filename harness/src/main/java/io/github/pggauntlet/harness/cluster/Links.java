package io.github.pggauntlet.harness.cluster;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Routes.Link;
import io.github.pggauntlet.strategy.Service;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of a cluster, each through a proxy of its own. A link is directed: it is what {@code from} opens to
 * {@code to}, whichever way the bytes then flow.
 *
 * <p>Every order to Toxiproxy has a deadline. Safe for use by several threads.
 */
public final class Links {

    /** The network alias of the proxies' container. */
    static final String ALIAS = "toxiproxy";

    private static final Logger log = LoggerFactory.getLogger(Links.class);

    private static final Duration ORDER = Duration.ofSeconds(5);

    /** Toxiproxy lets go of a trouble only when what it holds back has gone its way, or the connection has ended. */
    private static final Duration HEAL = Duration.ofSeconds(40);

    private final ToxiproxyClient toxiproxy;
    private final Bounded bounded;
    private final Map<Link, ProxiedLink> links;
    private final boolean tls;

    /**
     * One link.
     *
     * @param link who connects to what
     * @param upstream where its connections end
     * @param listen the port of the proxies' container at which they begin
     * @param fromHere the address at which this process reaches that port
     */
    record ProxiedLink(Link link, Endpoint upstream, int listen, Endpoint fromHere) {
        String proxy() {
            return String.join(
                    ".", link.from(), link.to(), link.service().name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** @param tls whether agents and arbiters speak TLS */
    Links(ToxiproxyClient toxiproxy, Bounded bounded, List<ProxiedLink> links, boolean tls) {
        this.tls = tls;
        this.toxiproxy = toxiproxy;
        this.bounded = bounded;
        Map<Link, ProxiedLink> byLink = new LinkedHashMap<>();
        links.forEach(link -> byLink.put(link.link(), link));
        this.links = java.util.Collections.unmodifiableMap(byLink);
    }

    /** Makes the proxies. */
    void open() throws InterruptedException {
        // One connection to the control port at a time is quick enough, and Toxiproxy makes them one by one anyway.
        for (ProxiedLink link : links.values()) {
            order(
                    "Toxiproxy to make the link " + link.link(),
                    () -> toxiproxy.createProxy(
                            link.proxy(),
                            "0.0.0.0:" + link.listen(),
                            link.upstream().toString()));
        }
    }

    /** All links. */
    public List<Link> all() {
        return List.copyOf(links.keySet());
    }

    /** The links, one for each service, that {@code from} opens to {@code to}. */
    public List<Link> between(String from, String to) {
        return links.keySet().stream()
                .filter(link -> link.from().equals(from) && link.to().equals(to))
                .toList();
    }

    /**
     * Makes a link slow, for connections that exist as for new ones: what is sent in either direction arrives
     * {@code latency} later, so that a round trip takes twice that longer.
     *
     * @param name a name for the trouble, by which it is removed again
     * @throws EnvironmentException if Toxiproxy does not take the order
     */
    public void slow(Link link, String name, Duration latency) throws InterruptedException {
        order("Toxiproxy to slow the link " + link, () -> {
            Proxy proxy = proxy(link);
            for (ToxicDirection direction : ToxicDirection.values()) {
                proxy.toxics().latency(toxic(name, direction), direction, latency.toMillis());
            }
            return true;
        });
    }

    /** As {@link #slow}, but each piece of data is late by another time, between half and one and a half {@code latency}. */
    public void jitter(Link link, String name, Duration latency) throws InterruptedException {
        order("Toxiproxy to make the link " + link + " jittery", () -> {
            Proxy proxy = proxy(link);
            for (ToxicDirection direction : ToxicDirection.values()) {
                proxy.toxics()
                        .latency(toxic(name, direction), direction, latency.toMillis())
                        .setJitter(latency.toMillis() / 2);
            }
            return true;
        });
    }

    /** Lets only so much through a link, in each direction of flow. */
    public void narrow(Link link, String name, long kilobytesPerSecond) throws InterruptedException {
        order("Toxiproxy to narrow the link " + link, () -> {
            Proxy proxy = proxy(link);
            for (ToxicDirection direction : ToxicDirection.values()) {
                proxy.toxics().bandwidth(toxic(name, direction), direction, kilobytesPerSecond);
            }
            return true;
        });
    }

    /** Resets every connection of a link, those that exist and, as soon as they are made, those that are tried. */
    public void reset(Link link, String name) throws InterruptedException {
        order("Toxiproxy to reset the link " + link, () -> {
            Proxy proxy = proxy(link);
            for (ToxicDirection direction : ToxicDirection.values()) {
                proxy.toxics().resetPeer(toxic(name, direction), direction, 0);
            }
            return true;
        });
    }

    /** Cuts what flows through a link into pieces of about {@code bytes}, {@code delay} apart. */
    public void slice(Link link, String name, int bytes, Duration delay) throws InterruptedException {
        order("Toxiproxy to slice the link " + link, () -> {
            Proxy proxy = proxy(link);
            for (ToxicDirection direction : ToxicDirection.values()) {
                // Toxiproxy counts this delay in microseconds.
                proxy.toxics().slicer(toxic(name, direction), direction, bytes, delay.toNanos() / 1000);
            }
            return true;
        });
    }

    /** Loses the packets of links, those of existing connections as those of new ones. */
    public void cut(PacketFilter filter, String name, Collection<Link> cut, PacketFilter.Flow flow)
            throws InterruptedException {
        filter.cut(name, cut.stream().map(link -> require(link).listen()).toList(), flow);
    }

    /** What a cut has dropped so far. */
    public PacketFilter.Dropped dropped(PacketFilter filter, String name) throws InterruptedException {
        return filter.dropped(name);
    }

    /** Lets the packets of links through again, and tells what had been dropped. */
    public PacketFilter.Dropped join(PacketFilter filter, String name) throws InterruptedException {
        return filter.heal(name);
    }

    /**
     * The links of which anything comes back when somebody asks through them, be it that nobody listens at the other end.
     * All are asked at the same time.
     *
     * @param limit how long to wait for a sign
     */
    public Set<Link> speaking(Collection<Link> asked, Duration limit) throws InterruptedException {
        List<Callable<Optional<Link>>> questions = new ArrayList<>();
        for (Link link : asked) {
            ProxiedLink proxied = require(link);
            questions.add(() -> RoundTrip.isSilent(proxied.fromHere(), language(link), limit)
                    ? Optional.<Link>empty()
                    : Optional.of(link));
        }
        return bounded.all("signs of life through links", limit.multipliedBy(2).plusSeconds(2), questions).stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Removes a trouble from a link. Removing one that is not there is no failure.
     *
     * <p>Toxiproxy has been seen to answer 503 to this, on a link to a machine that had lost its power while the link was slow.
     * The connections of a link that cannot be healed are closed, and it is tried once more.
     */
    public void heal(Link link, String name) throws InterruptedException {
        try {
            lift(link, name);
        } catch (EnvironmentException e) {
            log.warn("{} Its connections are closed.", e.getMessage());
            order("Toxiproxy to close the connections of the link " + link, () -> {
                proxy(link).disable();
                return true;
            });
            try {
                lift(link, name);
            } finally {
                order("Toxiproxy to open the link " + link, () -> {
                    proxy(link).enable();
                    return true;
                });
            }
        }
    }

    private void lift(Link link, String name) throws InterruptedException {
        bounded.call("Toxiproxy to heal the link " + link, HEAL, () -> {
            for (Toxic toxic : proxy(link).toxics().getAll()) {
                if (isOf(name, toxic)) {
                    remove(toxic);
                }
            }
            return true;
        });
    }

    private static void remove(Toxic toxic) throws IOException {
        try {
            toxic.remove();
        } catch (FileNotFoundException e) {
            // An earlier order that was given up for lost has been carried out after all.
            log.debug("The trouble {} is gone already", toxic.getName());
        }
    }

    /** The names of all troubles that lie on a link now, as Toxiproxy lists them. */
    public List<String> troubles(Link link) throws InterruptedException {
        return order(
                "Toxiproxy to list the troubles of the link " + link,
                () -> proxy(link).toxics().getAll().stream()
                        .map(Toxic::getName)
                        .sorted()
                        .toList());
    }

    /** Whether a trouble lies on a link in both directions of flow. */
    public boolean isTroubled(Link link, String name) throws InterruptedException {
        List<String> all = troubles(link);
        return List.of(ToxicDirection.values()).stream().allMatch(direction -> all.contains(toxic(name, direction)));
    }

    private static String toxic(String name, ToxicDirection direction) {
        return name + "." + direction.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean isOf(String name, Toxic toxic) {
        return toxic.getName().startsWith(name + ".");
    }

    /**
     * Sends a harmless question through a link, as whoever owns the link would, and measures how long the answer takes.
     *
     * @param limit how long to wait for the answer
     * @return the time from question to answer; empty if nobody answers at the other end
     */
    public Optional<Duration> roundTrip(Link link, Duration limit) throws InterruptedException {
        ProxiedLink proxied = require(link);
        try {
            return Optional.of(bounded.call(
                    "an answer through the link " + link,
                    limit.plusSeconds(1),
                    () -> RoundTrip.measure(proxied.fromHere(), language(link), limit)));
        } catch (EnvironmentException e) {
            return Optional.empty();
        }
    }

    /** As {@link #roundTrip}, with a question of so many bytes: between 100 and 10,000, as much as a postmaster takes. */
    public Optional<Duration> heavyRoundTrip(Link link, int bytes, Duration limit) throws InterruptedException {
        ProxiedLink proxied = require(link);
        try {
            return Optional.of(bounded.call(
                    "an answer through the link " + link,
                    limit.plusSeconds(1),
                    () -> RoundTrip.measureHeavy(proxied.fromHere(), language(link), bytes, limit)));
        } catch (EnvironmentException e) {
            return Optional.empty();
        }
    }

    /** Waits until something answers at the other end of a link. */
    void awaitAnswer(Link link, Duration limit) throws InterruptedException {
        ProxiedLink proxied = require(link);
        RoundTrip.await(proxied.fromHere(), language(link), "the link " + link, limit);
    }

    private RoundTrip.Language language(Link link) {
        if (link.service() == Service.POSTGRES) {
            return RoundTrip.Language.POSTGRES;
        }
        return tls ? RoundTrip.Language.TLS : RoundTrip.Language.HTTP;
    }

    private Proxy proxy(Link link) throws IOException {
        return toxiproxy.getProxy(require(link).proxy());
    }

    private ProxiedLink require(Link link) {
        ProxiedLink proxied = links.get(link);
        if (proxied == null) {
            throw new IllegalArgumentException("There is no link " + link + " in this cluster.");
        }
        return proxied;
    }

    private <T> T order(String what, Callable<T> action) throws InterruptedException {
        return bounded.call(what, ORDER, action);
    }

    /** The routes these links make: members reach the proxies by alias, everybody else from this process. */
    Routes routes(List<String> members) {
        Routes routes = Routes.none();
        for (ProxiedLink proxied : links.values()) {
            Link link = proxied.link();
            Endpoint endpoint =
                    members.contains(link.from()) ? new Endpoint(ALIAS, proxied.listen()) : proxied.fromHere();
            routes = routes.with(link.from(), link.to(), link.service(), endpoint);
            if (link.to().equals(Routes.ADDRESS)) {
                // The members do not reach the address over a link: they pass it among themselves.
                for (String member : members) {
                    routes = routes.with(member, Routes.ADDRESS, Service.POSTGRES, proxied.upstream());
                }
            }
        }
        return routes;
    }

    /** The directed links of a cluster: everybody to everybody with whom there is something to talk about. */
    static List<Link> of(List<String> members, List<String> arbiters) {
        List<Link> links = new java.util.ArrayList<>();
        for (String to : members) {
            for (String from : members) {
                if (!from.equals(to)) {
                    links.add(new Link(from, to, Service.POSTGRES));
                    links.add(new Link(from, to, Service.AGENT));
                }
            }
            links.add(new Link(Routes.CLIENTS, to, Service.POSTGRES));
            links.add(new Link(Routes.OPERATOR, to, Service.POSTGRES));
            links.add(new Link(Routes.OPERATOR, to, Service.AGENT));
            for (String arbiter : arbiters) {
                links.add(new Link(to, arbiter, Service.ARBITER));
            }
        }
        for (String arbiter : arbiters) {
            links.add(new Link(Routes.OPERATOR, arbiter, Service.ARBITER));
        }
        return List.copyOf(links);
    }

    /** The links of a cluster, one more among them from the clients to the virtual address if there is one. */
    static List<Link> of(List<String> members, List<String> arbiters, boolean address) {
        List<Link> links = new java.util.ArrayList<>(of(members, arbiters));
        if (address) {
            links.add(new Link(Routes.CLIENTS, Routes.ADDRESS, Service.POSTGRES));
        }
        return List.copyOf(links);
    }

    /** The links between machines over which disks are replicated: each connects to each. */
    static List<Link> ofDisks(List<String> members) {
        return members.stream()
                .flatMap(from ->
                        members.stream().filter(to -> !to.equals(from)).map(to -> new Link(from, to, Service.DISK)))
                .toList();
    }

    /** The port at which a party offers a service. */
    static int port(Service service) {
        return switch (service) {
            case POSTGRES -> 5432;
            case AGENT -> 8008;
            case ARBITER -> 2379;
            case DISK -> 7789;
        };
    }
}
