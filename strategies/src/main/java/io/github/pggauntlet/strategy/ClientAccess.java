package io.github.pggauntlet.strategy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
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

    private static final int CONNECT_SECONDS = 2;
    private static final int ANSWER_SECONDS = 10;

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

    /**
     * All that pgjdbc needs beside the {@linkplain #jdbcUrl() URL}, the password among it, to write: it looks for the primary
     * and never waits without a bound. Give them to {@link java.sql.DriverManager} or to a pool; change what does not suit.
     *
     * <p>pgjdbc's own defaults wait for ever for a machine that has vanished, and remember for 10 s which endpoint was no
     * primary (pgjdbc documentation, "Connection Parameters"). Here:
     *
     * <ul>
     *   <li>{@code targetServerType=primary}: an endpoint that is read-only is passed over;
     *   <li>{@code connectTimeout=2}: an endpoint that does not take the connection is passed over after 2 s;
     *   <li>{@code loginTimeout}: a whole attempt, with all endpoints, takes no longer than 2 s for each endpoint and one
     *       more; behind a proxy, which takes the connection for a machine that is gone, nothing else bounds it;
     *   <li>{@code socketTimeout=10}: no answer takes longer than 10 s, so no statement may; raise it for reports;
     *   <li>{@code cancelSignalTimeout=2}: nor does the request to cancel one, longer than 2 s;
     *   <li>{@code tcpKeepAlive=true}: a connection that is idle in a pool is found dead, by the system's own schedule;
     *   <li>{@code hostRecheckSeconds=1}: a standby that becomes primary is looked at again after 1 s;
     *   <li>{@code gssEncMode=disable}: spares a round trip;
     *   <li>and TLS as {@link #tlsProperties()} says.
     * </ul>
     */
    public Properties properties() {
        return properties("primary");
    }

    /** As {@link #properties()}, to read from a standby, or from the primary while no standby answers. */
    public Properties readProperties() {
        Properties properties = properties("preferSecondary");
        properties.setProperty("readOnly", "true");
        return properties;
    }

    private Properties properties(String target) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        properties.setProperty("targetServerType", target);
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS * (endpoints.size() + 1)));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("cancelSignalTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("hostRecheckSeconds", "1");
        properties.setProperty("gssEncMode", "disable");
        tlsProperties().forEach(properties::setProperty);
        return properties;
    }

    /** A pgjdbc URL that lists all endpoints, without user, password or any other property. */
    public String jdbcUrl() {
        return endpoints.stream()
                .map(Endpoint::toString)
                .collect(Collectors.joining(",", "jdbc:postgresql://", "/" + database));
    }
}
