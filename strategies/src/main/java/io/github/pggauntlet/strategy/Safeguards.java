package io.github.pggauntlet.strategy;

import java.time.Duration;
import java.util.Optional;

/**
 * What stands behind a strategy's own care on each machine.
 *
 * @param watchdog whether a watchdog of the machine's kernel is used, which resets the machine when its primary has not
 *     renewed its lease in time
 * @param watchdogDevice the watchdog's device
 * @param watchdogTimeout how long the device waits before it resets the machine; asked of the kernel if it is not said
 *     here
 * @param copiesKept how many data directories that were replaced are kept aside for salvage, disk space permitting
 * @param fencing the program that proves another member's machine dead, for strategies that have no third opinion
 */
public record Safeguards(
        WatchdogUse watchdog,
        String watchdogDevice,
        Optional<Duration> watchdogTimeout,
        int copiesKept,
        Optional<FenceProgram> fencing) {

    /** Whether the kernel's watchdog is used. */
    public enum WatchdogUse {
        /** It is left alone. */
        OFF,
        /** It is used where it can be. */
        AUTOMATIC,
        /** A member that cannot use it does not become primary. */
        REQUIRED
    }

    public Safeguards {
        if (copiesKept < 0) {
            throw new IllegalArgumentException("The number of copies kept cannot be " + copiesKept + ".");
        }
        if (watchdogTimeout
                .filter(timeout -> timeout.isZero() || timeout.isNegative())
                .isPresent()) {
            throw new IllegalArgumentException("A watchdog's timeout is above zero.");
        }
    }

    /** Safeguards without a program that proves machines dead. */
    public Safeguards(WatchdogUse watchdog, String watchdogDevice, Optional<Duration> watchdogTimeout, int copiesKept) {
        this(watchdog, watchdogDevice, watchdogTimeout, copiesKept, Optional.empty());
    }

    /** These with a program that proves machines dead. */
    public Safeguards with(FenceProgram program) {
        return new Safeguards(watchdog, watchdogDevice, watchdogTimeout, copiesKept, Optional.of(program));
    }

    /** No watchdog of the kernel, and one replaced data directory kept. */
    public static Safeguards standard() {
        return new Safeguards(WatchdogUse.OFF, "/dev/watchdog", Optional.empty(), 1);
    }
}
