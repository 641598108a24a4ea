package io.github.pggauntlet.strategy.drbd;

/**
 * {@link UcarpDrbdStrategy} as in the set-up with which it all began: without fencing and without anybody beside the two
 * machines.
 *
 * <p>Crashes lose nothing. Of cut links, and of machines that are cut off or freeze, nothing is promised: two machines alone
 * cannot tell a dead peer from a dead link, and both go on.
 */
public final class UcarpDrbdPlainStrategy extends UcarpDrbdStrategy {

    /** For {@link java.util.ServiceLoader}. */
    public UcarpDrbdPlainStrategy() {
        super("ucarp-drbd-plain", "the same as ucarp-drbd without fencing and without a witness", DrbdPreset.plain());
    }
}
