package io.github.pggauntlet.strategy;

import java.util.Map;

/**
 * What a cluster's members prove themselves with, and what everybody trusts: with it, PostgreSQL takes no connection from
 * another machine without TLS, and whoever connects checks the certificate and the host name in it
 * ({@code sslmode=verify-full}).
 *
 * @param authority the certificate of the authority that everybody trusts, in PEM
 * @param members each member's own certificate and key. A certificate names every address by which the member is reached.
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

    /** The same without the other members' keys, which are none of a member's business. */
    public Tls of(String member) {
        Identity own = members.get(member);
        if (own == null) {
            throw new IllegalArgumentException("There is no certificate for the member '" + member + "'.");
        }
        return new Tls(authority, Map.of(member, own));
    }
}
