package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Timings;

/** Works with a lease that is far longer than the one its promises are made for: nobody takes over in time from a dead machine. */
public final class LeaseTooLong extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public LeaseTooLong() {
        super(
                "broken-lease-too-long",
                "works with a lease seven times as long as the one its promises are made for",
                Durability.SYNC);
    }

    @Override
    ClusterSpec instead(ClusterSpec spec) {
        Timings honest = spec.timings();
        return with(
                spec,
                new Timings(
                        honest.lease().multipliedBy(7),
                        honest.margin(),
                        honest.tick(),
                        honest.call(),
                        honest.shutdown(),
                        honest.maximumLag()));
    }
}
