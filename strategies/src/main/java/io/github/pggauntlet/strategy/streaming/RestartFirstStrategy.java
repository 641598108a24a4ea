package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.CrashPolicy;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.host.Host;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** {@link StreamingStrategy} with a crashed primary restarted in place first, within ten seconds if nothing else is said. */
public final class RestartFirstStrategy implements HaStrategy {

    private static final CrashPolicy POLICY = CrashPolicy.restartFirst(Duration.ofSeconds(10));

    private final StreamingStrategy streaming = new StreamingStrategy();

    @Override
    public String name() {
        return "streaming-restart";
    }

    @Override
    public String description() {
        return "the same as streaming, but a primary whose PostgreSQL has crashed is restarted in place first; a second"
                + " crash soon after, or a restart of more than 10 s, leads to a failover";
    }

    @Override
    public Set<Durability> durabilities() {
        return streaming.durabilities();
    }

    @Override
    public Promises promises(ClusterSpec spec) {
        return streaming.promises(restarting(spec));
    }

    @Override
    public HostRequirements requirements(ClusterSpec spec) {
        return streaming.requirements(spec);
    }

    @Override
    public HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        return streaming.install(restarting(spec), hosts);
    }

    private static ClusterSpec restarting(ClusterSpec spec) {
        return spec.crashes().restarts() ? spec : spec.with(POLICY);
    }
}
