package io.github.pggauntlet.harness.cluster;

import io.github.pggauntlet.strategy.HostRequirements.OwnKernel;
import java.util.List;

/**
 * What a cluster's machines with a kernel of their own have in common.
 *
 * @param image the image they are made from
 * @param kernel what is wanted of them
 * @param key what opens their doors
 */
record Guests(String image, OwnKernel kernel, GuestKey key) {

    /** {@code /dev/kvm} and {@code /dev/net/tun}, which the container makes itself. */
    static final List<String> DEVICES = List.of("c 10:232 rwm", "c 10:200 rwm");

    /** What QEMU takes beside the guest's memory, most of it for translated machine code. */
    static final int OVERHEAD_MEGABYTES = 192;

    /** What the engine's machine keeps for everything else. */
    private static final int REST_MEGABYTES = 512;

    List<String> environment() {
        return List.of(
                "GUEST_MEMORY_MB=" + kernel.memoryMegabytes(),
                "GUEST_BARE_MB=" + kernel.bareDiskMegabytes(),
                "GUEST_AUTHORIZED_KEY=" + key.publicLine());
    }

    /**
     * @param megabytes what the engine's machine has
     * @throws EnvironmentException if that is not enough for so many machines
     */
    void requireMemory(int machines, long megabytes) {
        long wanted = (long) machines * (kernel.memoryMegabytes() + OVERHEAD_MEGABYTES) + REST_MEGABYTES;
        if (wanted > megabytes) {
            throw new EnvironmentException(machines + " machines with a kernel of their own need " + wanted
                    + " MB of memory (" + kernel.memoryMegabytes() + " MB each, " + OVERHEAD_MEGABYTES
                    + " MB for each one's QEMU, and " + REST_MEGABYTES
                    + " MB for the rest), and the container engine has "
                    + megabytes + " MB; give it more, or run fewer machines.");
        }
    }
}
