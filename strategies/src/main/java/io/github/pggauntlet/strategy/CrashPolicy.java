package io.github.pggauntlet.strategy;

import java.time.Duration;

/**
 * What happens when a primary's PostgreSQL has ended by itself while its machine is well.
 *
 * @param within for how long the member may try to bring PostgreSQL back in place, under the lease it holds, before a standby
 *     takes over; zero to have a standby take over at once
 * @param apart a crash sooner than this after a restart in place is not answered by another: a standby takes over
 */
public record CrashPolicy(Duration within, Duration apart) {

    public CrashPolicy {
        if (within.isNegative() || apart.isNegative()) {
            throw new IllegalArgumentException(
                    "A restart in place takes no negative time: " + within + ", " + apart + ".");
        }
    }

    /**
     * A standby takes over at once: it has all that was acknowledged, and is open before a crashed server has gone through
     * its recovery.
     */
    public static CrashPolicy failOver() {
        return new CrashPolicy(Duration.ZERO, Duration.ZERO);
    }

    /**
     * PostgreSQL is restarted in place first: the cluster keeps its standby, and no connection pool needs to look for
     * another server. A crash within ten times the bound after that leads to a failover.
     *
     * @param within how long the restart may take
     */
    public static CrashPolicy restartFirst(Duration within) {
        return new CrashPolicy(within, within.multipliedBy(10));
    }

    /** Whether PostgreSQL is restarted in place first. */
    public boolean restarts() {
        return !within.isZero();
    }
}
