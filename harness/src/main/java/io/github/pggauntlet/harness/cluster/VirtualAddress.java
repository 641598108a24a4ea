package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.model.Network;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A virtual address in a network of the engine. */
final class VirtualAddress {

    /** How far below the end of the network it lies. The engine gives addresses out from the beginning on. */
    private static final int FROM_THE_END = 5;

    private static final int SHORTEST_PREFIX = 8;
    private static final int LONGEST_PREFIX = 28;
    private static final int BITS = 32;
    private static final Pattern SUBNET = Pattern.compile("(\\d+\\.\\d+\\.\\d+\\.\\d+)/(\\d+)");

    private VirtualAddress() {}

    /**
     * An address that the engine gives to nobody.
     *
     * @throws EnvironmentException if the network has no room for it
     */
    static String in(Network network) {
        List<Network.Ipam.Config> configurations =
                Optional.ofNullable(network.getIpam().getConfig()).orElse(List.of());
        return configurations.stream()
                .flatMap(one -> Optional.ofNullable(one.getSubnet()).stream())
                .map(SUBNET::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(subnet -> in(subnet.group(1), Integer.parseInt(subnet.group(2))))
                .orElseThrow(() -> new EnvironmentException("The network " + network.getName()
                        + " has no IPv4 subnet, and so no room for a virtual address; the engine says "
                        + network.getIpam() + "."));
    }

    /** The address in a subnet. */
    static String in(String subnet, int prefix) {
        if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX) {
            throw new EnvironmentException("The subnet " + subnet + "/" + prefix
                    + " has no room for a virtual address; let the engine make networks between /" + SHORTEST_PREFIX
                    + " and /" + LONGEST_PREFIX + ".");
        }
        try {
            long first = 0;
            for (byte part : InetAddress.getByName(subnet).getAddress()) {
                first = first << Byte.SIZE | Byte.toUnsignedInt(part);
            }
            long chosen = first + (1L << (BITS - prefix)) - 1 - FROM_THE_END;
            byte[] address = new byte[Integer.BYTES];
            for (int i = address.length - 1; i >= 0; i--) {
                address[i] = (byte) chosen;
                chosen >>= Byte.SIZE;
            }
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + subnet + "' is no IPv4 address.", e);
        }
    }
}
