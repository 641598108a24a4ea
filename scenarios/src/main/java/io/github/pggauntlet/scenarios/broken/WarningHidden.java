package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import java.util.Map;

/** Hides warnings from clients ({@code client_min_messages = error}): a cancelled wait for a standby looks like a clean commit. */
public final class WarningHidden extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public WarningHidden() {
        super(
                "broken-warning-hidden",
                "answers a commit that no standby has with success and hides the warning",
                Durability.SYNC);
    }

    @Override
    ClusterSpec instead(ClusterSpec spec) {
        return with(spec, Map.of("client_min_messages", "error"));
    }
}
