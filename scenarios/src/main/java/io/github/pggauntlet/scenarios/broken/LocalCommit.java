package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;

/** Calls itself free of loss while {@code synchronous_commit} is {@code local}: the names of the standbys are set, and commits do not wait. */
public final class LocalCommit extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public LocalCommit() {
        super(
                "broken-local-commit",
                "calls itself free of loss while commits wait for nobody (synchronous_commit = local)",
                Durability.SYNC);
    }

    @Override
    ClusterSpec instead(ClusterSpec spec) {
        return with(spec, Map.of("synchronous_commit", "local"));
    }
}
