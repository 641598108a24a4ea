package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.StreamingInstaller;
import io.github.pggauntlet.strategy.streaming.StreamingStrategy;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the broken strategies share: they claim what streaming replication with a synchronous standby keeps. */
abstract class Broken implements HaStrategy {

    private final String name;
    private final String description;

    Broken(String name, String description) {
        this.name = name;
        this.description = description;
    }

    /** The agent that makes the mistake. */
    AgentProgram program() {
        return AgentProgram.standard();
    }

    /** The cluster that is made instead of the one asked for. */
    ClusterSpec instead(ClusterSpec spec) {
        return spec;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final Set<Durability> durabilities() {
        return EnumSet.of(Durability.SYNC);
    }

    @Override
    public final Promises promises(ClusterSpec spec) {
        return StreamingStrategy.promises(
                Durability.SYNC, spec.timings(), spec.members().size());
    }

    @Override
    public final HostRequirements requirements(ClusterSpec spec) {
        return new StreamingInstaller(program()).requirements();
    }

    @Override
    public final HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        return new StreamingInstaller(program()).install(instead(spec), hosts);
    }
}
