package io.github.pggauntlet.strategy;

/**
 * Where a service is reached over TCP.
 *
 * @param host a host name or an address
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {

    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("An endpoint needs a host name.");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("A port lies between 1 and 65535, not at " + port + ".");
        }
    }

    @Override
    public String toString() {
        // An address of IPv6 is full of colons itself.
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
