package io.github.pggauntlet.strategy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How applications reach a cluster.
 *
 * @param endpoints where PostgreSQL may be found, in the order in which to look
 * @param database the database made for applications
 * @param user the role made for applications
 * @param password that role's password
 * @param authority the certificate, in PEM, of the authority that has signed the members' certificates; empty if
 *     connections are not encrypted
 */
public record ClientAccess(
        List<Endpoint> endpoints, String database, String user, Secret password, Optional<String> authority) {

    public ClientAccess {
        endpoints = List.copyOf(endpoints);
    }

    /** Access without TLS. */
    public ClientAccess(List<Endpoint> endpoints, String database, String user, Secret password) {
        this(endpoints, database, user, password, Optional.empty());
    }

    /**
     * The properties that pgjdbc needs for TLS: the certificate is checked against the authority, and the host name in it
     * (pgjdbc documentation, "Using SSL"). Without TLS they say that none is to be tried, which spares an attempt.
     */
    public Map<String, String> tlsProperties() {
        return authority.map(ClientAccess::tlsProperties).orElseGet(() -> Map.of("sslmode", "disable"));
    }

    /**
     * The properties that pgjdbc needs for TLS with servers whose certificates an authority has signed.
     *
     * @param authority the authority's certificate, in PEM
     */
    public static Map<String, String> tlsProperties(String authority) {
        return Map.of(
                "sslmode",
                "verify-full",
                "sslfactory",
                "org.postgresql.ssl.SingleCertValidatingFactory",
                "sslfactoryarg",
                authority);
    }

    /** A pgjdbc URL that lists all endpoints, without user, password or any other property. */
    public String jdbcUrl() {
        return endpoints.stream()
                .map(Endpoint::toString)
                .collect(Collectors.joining(",", "jdbc:postgresql://", "/" + database));
    }
}
