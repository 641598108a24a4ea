package io.github.pggauntlet.strategy;

import java.util.Optional;

/**
 * A cluster's secrets. They are made for one cluster and known only to its members and its operator.
 *
 * @param superuser the password of the agents' own superuser, who can connect only from the machine itself
 * @param replication the password of the role that standbys stream and are copied with
 * @param rewind the password of the role that pg_rewind reads the primary's files with
 * @param application the password of the role that applications connect with
 * @param agent the token with which agents and the operator give orders to an agent
 * @param tls the members' certificates and keys; empty if connections are not encrypted
 */
public record Credentials(
        Secret superuser, Secret replication, Secret rewind, Secret application, Secret agent, Optional<Tls> tls) {

    /** The name of the agents' own superuser. */
    public static final String SUPERUSER = "gauntlet";

    /** New random credentials, without TLS. */
    public static Credentials random() {
        return new Credentials(
                Secret.random(), Secret.random(), Secret.random(), Secret.random(), Secret.random(), Optional.empty());
    }

    /** These with TLS. */
    public Credentials withTls(Tls material) {
        return new Credentials(superuser, replication, rewind, application, agent, Optional.of(material));
    }

    /** What one member needs of these. */
    public Credentials of(String member) {
        return new Credentials(superuser, replication, rewind, application, agent, tls.map(all -> all.of(member)));
    }
}
