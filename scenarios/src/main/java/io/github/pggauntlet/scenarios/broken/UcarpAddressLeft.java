package io.github.pggauntlet.scenarios.broken;

/** Leaves the address on a machine that is not its master any more: the down-script says so and does not take it down. */
public final class UcarpAddressLeft extends BrokenUcarp {

    private static final String CHANGE = """
            sed -i 's/^  ip address del .*/  true/' /opt/gauntlet/ucarp/vip-down
            grep -q '^  true' /opt/gauntlet/ucarp/vip-down
            """;

    /** For {@link java.util.ServiceLoader}. */
    public UcarpAddressLeft() {
        super("broken-ucarp-address-left", "leaves the address on a machine that has given it away", CHANGE);
    }
}
