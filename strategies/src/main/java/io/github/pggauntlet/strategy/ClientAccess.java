package io.github.pggauntlet.strategy;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How applications reach a cluster.
 *
 * @param endpoints where PostgreSQL may be found, in the order in which to look
 * @param database the database made for applications
 * @param user the role made for applications
 * @param password that role's password
 */
public record ClientAccess(List<Endpoint> endpoints, String database, String user, Secret password) {

    public ClientAccess {
        endpoints = List.copyOf(endpoints);
    }

    /** A pgjdbc URL that lists all endpoints, without user, password or any other property. */
    public String jdbcUrl() {
        return endpoints.stream()
                .map(Endpoint::toString)
                .collect(Collectors.joining(",", "jdbc:postgresql://", "/" + database));
    }
}
