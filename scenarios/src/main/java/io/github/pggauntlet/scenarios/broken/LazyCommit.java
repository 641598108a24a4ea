package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import java.util.HashMap;
import java.util.Map;

/** Calls itself free of loss while {@code synchronous_commit} is {@code off}: not even the primary's own disk has it. */
public final class LazyCommit extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public LazyCommit() {
        super("broken-lazy-commit", "calls itself free of loss while synchronous_commit is off");
    }

    @Override
    ClusterSpec instead(ClusterSpec spec) {
        Map<String, String> settings = new HashMap<>(spec.settings());
        settings.put("synchronous_commit", "off");
        // Longer than the default, so that the mistake does not hide behind luck.
        settings.put("wal_writer_delay", "500ms");
        return new ClusterSpec(
                spec.name(),
                spec.members(),
                spec.durability(),
                spec.routes(),
                spec.timings(),
                spec.credentials(),
                settings);
    }
}
