package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import java.util.Map;

/** Calls itself free of loss while {@code synchronous_commit} is {@code off}: not even the primary's own disk has it. */
public final class LazyCommit extends Broken {

    /** For {@link java.util.ServiceLoader}. */
    public LazyCommit() {
        super("broken-lazy-commit", "calls itself free of loss while synchronous_commit is off");
    }

    @Override
    ClusterSpec instead(ClusterSpec spec) {
        // Written out less often than by default, so that the mistake does not hide behind luck.
        return with(spec, Map.of("synchronous_commit", "off", "wal_writer_delay", "500ms"));
    }
}
