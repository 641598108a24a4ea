package io.github.pggauntlet.strategy.ucarp;

import java.time.Duration;

/**
 * How ucarp runs on both machines.
 *
 * @param id the preset's name
 * @param first the machine that becomes master if both start at once: the one with the shorter dead time
 * @param second the other machine
 * @param open how long a new master's PostgreSQL may take until its first write; whole seconds
 */
public record UcarpPreset(String id, UcarpConfig first, UcarpConfig second, Duration open) {

    private static final int VHID = 200;
    private static final int HALF = 128;

    /**
     * The set-up from which this strategy comes: {@code -v 200 -b 3 -r 5} on one machine, {@code -b 4 -r 5} on the other,
     * {@code --neutral -z}. Silence for 15 s on the one and for 20 s on the other makes it master.
     */
    public static UcarpPreset classic() {
        return new UcarpPreset(
                "classic",
                new UcarpConfig(VHID, 3, 0, 5, true, true, false),
                new UcarpConfig(VHID, 4, 0, 5, true, true, false),
                Duration.ofSeconds(60));
    }

    /** As quick as ucarp is by its own standard settings: silence for 3 s and for 3.5 s. */
    public static UcarpPreset fast() {
        return new UcarpPreset(
                "fast",
                new UcarpConfig(VHID, 1, 0, 3, true, true, false),
                new UcarpConfig(VHID, 1, HALF, 3, true, true, false),
                Duration.ofSeconds(30));
    }

    /** The settings of a machine, by its place in the cluster. */
    public UcarpConfig of(int machine) {
        return machine == 0 ? first : second;
    }

    /** The longest that a machine takes to become master after the other's death. */
    public Duration longest() {
        return first.latest().compareTo(second.latest()) >= 0 ? first.latest() : second.latest();
    }

    /** For how long a machine that has given the address away keeps out of it: until the other has surely become master. */
    public Duration hold(int machine) {
        return of(1 - machine).latest().plusSeconds(2);
    }
}
