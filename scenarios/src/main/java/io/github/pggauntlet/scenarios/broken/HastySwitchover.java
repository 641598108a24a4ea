package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Timings;
import java.time.Duration;

/** Hands the role over without waiting until the standby has everything: PostgreSQL is not given the time for an orderly shutdown. */
public final class HastySwitchover extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public HastySwitchover() {
        super(
                "broken-hasty-switchover",
                "hands its role over without waiting until the standby has everything",
                Durability.ASYNC);
    }

    @Override
    ClusterSpec instead(ClusterSpec spec) {
        Timings honest = spec.timings();
        return with(
                spec,
                new Timings(
                        honest.lease(),
                        honest.margin(),
                        honest.tick(),
                        honest.call(),
                        Duration.ofMillis(1),
                        honest.maximumLag()));
    }
}
