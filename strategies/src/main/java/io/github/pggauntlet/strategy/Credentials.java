package io.github.pggauntlet.strategy;

/**
 * A cluster's secrets. They are made for one cluster and known only to its members and its operator.
 *
 * @param superuser the password of the agents' own superuser
 * @param replication the password of the role that standbys stream and rewind with
 * @param application the password of the role that applications connect with
 * @param agent the token with which agents and the operator give orders to an agent
 */
public record Credentials(Secret superuser, Secret replication, Secret application, Secret agent) {

    /** New random credentials. */
    public static Credentials random() {
        return new Credentials(Secret.random(), Secret.random(), Secret.random(), Secret.random());
    }
}
