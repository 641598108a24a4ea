package io.github.pggauntlet.strategy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How each party of a cluster reaches each other party. In production every party reaches a member at the same address;
 * a test harness gives every directed link an address of its own, and so can break each one alone.
 *
 * @param table the address at which a party reaches a service of another
 */
public record Routes(Map<Link, Endpoint> table) {

    /** The party that applications are. */
    public static final String CLIENTS = "clients";

    /** The party that installs and watches the cluster. */
    public static final String OPERATOR = "operator";

    /** The party that says who may be primary. */
    public static final String ARBITER = "arbiter";

    /** Whoever has the cluster's virtual address at the moment. From a member this leads to the address itself. */
    public static final String ADDRESS = "address";

    public Routes {
        table = Map.copyOf(table);
    }

    /**
     * A directed link.
     *
     * @param from the party that connects: a member's name, {@link #CLIENTS} or {@link #OPERATOR}
     * @param to the party that is connected to: a member's name, {@link #ARBITER} or {@link #ADDRESS}
     * @param service what is reached there
     */
    public record Link(String from, String to, Service service) {
        public Link {
            Objects.requireNonNull(from);
            Objects.requireNonNull(to);
            Objects.requireNonNull(service);
        }

        @Override
        public String toString() {
            return from + "->" + to + "/" + service.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * The address at which {@code from} reaches a service of {@code to}.
     *
     * @throws IllegalArgumentException if there is no such link
     */
    public Endpoint route(String from, String to, Service service) {
        return find(from, to, service)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no route for the link " + new Link(from, to, service) + "."));
    }

    /** The address at which {@code from} reaches a service of {@code to}, if there is such a link. */
    public Optional<Endpoint> find(String from, String to, Service service) {
        return Optional.ofNullable(table.get(new Link(from, to, service)));
    }

    /** These routes and one more. */
    public Routes with(String from, String to, Service service, Endpoint endpoint) {
        Map<Link, Endpoint> more = new HashMap<>(table);
        more.put(new Link(from, to, service), endpoint);
        return new Routes(more);
    }

    /** No routes. */
    public static Routes none() {
        return new Routes(Map.of());
    }
}
