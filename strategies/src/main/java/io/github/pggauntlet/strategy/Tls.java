package io.github.pggauntlet.strategy;

import java.util.Map;

/**
 * What a cluster's members prove themselves with, and what everybody trusts: with it, PostgreSQL takes no connection from
 * another machine without TLS, and whoever connects checks the certificate and the host name in it
 * ({@code sslmode=verify-full}). Agents speak HTTPS alone, and to etcd they speak TLS and show the member's certificate; etcd's
 * own certificates must be of the same authority.
 *
 * @param authority the certificate of the authority that everybody trusts, in PEM
 * @param members each member's own certificate and key. A certificate names every host by which the member's PostgreSQL and
 *     its agent are reached; where it says what it may be used for, that is for servers and for clients both.
 */
public record Tls(String authority, Map<String, Identity> members) {

    public Tls {
        members = Map.copyOf(members);
    }

    /**
     * A member's proof of itself.
     *
     * @param certificate its certificate, and those between it and the authority if there are any, in PEM
     * @param key its private key, in PEM and without a password
     */
    public record Identity(String certificate, Secret key) {}

    /**
     * A member's proof of itself.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Identity identity(String member) {
        Identity own = members.get(member);
        if (own == null) {
            throw new IllegalArgumentException("There is no certificate for the member '" + member + "'.");
        }
        return own;
    }

    /** The same without the other members' keys, which are none of a member's business. */
    public Tls of(String member) {
        return new Tls(authority, Map.of(member, identity(member)));
    }
}
