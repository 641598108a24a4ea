package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;

/** Promises that a failover to an asynchronous standby loses a tenth of a second at the most, and does nothing to keep that. */
public final class BoundTooSmall extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public BoundTooSmall() {
        super(
                "broken-bound-too-small",
                "promises that an asynchronous standby lags by a tenth of a second at the most",
                Durability.ASYNC);
    }

    @Override
    public Promises promises(ClusterSpec spec) {
        Promises claimed = super.promises(spec);
        for (var honest : claimed.byFault().entrySet()) {
            Promise promise = honest.getValue();
            if (promise.loss() instanceof LossBound.Within) {
                claimed = claimed.with(
                        honest.getKey(),
                        new Promise(
                                LossBound.within(Duration.ofMillis(100)),
                                promise.writeOutage(),
                                promise.writers(),
                                promise.rejoin(),
                                promise.whileItLasts()));
            }
        }
        return claimed;
    }
}
