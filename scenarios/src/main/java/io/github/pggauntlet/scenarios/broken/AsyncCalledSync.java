package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;

/** Calls itself free of loss while its standby is asynchronous. */
public final class AsyncCalledSync extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public AsyncCalledSync() {
        super("broken-async-called-sync", "calls itself free of loss while its standby is asynchronous");
    }

    @Override
    ClusterSpec instead(ClusterSpec spec) {
        return new ClusterSpec(
                spec.name(),
                spec.members(),
                Durability.ASYNC,
                spec.routes(),
                spec.timings(),
                spec.credentials(),
                spec.settings());
    }
}
