package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Timings;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.streaming.AgentProgram;
import io.github.pggauntlet.strategy.streaming.StreamingInstaller;
import io.github.pggauntlet.strategy.streaming.StreamingStrategy;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What most broken strategies share: they claim what the sound streaming replication keeps, and make one mistake. */
abstract class Broken implements HaStrategy {

    private final String name;
    private final String description;

    private final Set<Durability> durabilities;

    /** One that claims what a synchronous standby keeps. */
    Broken(String name, String description) {
        this(name, description, Durability.SYNC);
    }

    /**
     * @param name the name by which users choose it
     * @param description one sentence that tells the mistake
     * @param durability the durability in which the mistake shows; it claims what the sound strategy keeps in it
     */
    Broken(String name, String description, Durability durability) {
        this.name = name;
        this.description = description;
        this.durabilities = EnumSet.of(durability);
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

    /** What is shown of the cluster instead of the truth. */
    HaCluster shown(HaCluster cluster) {
        return cluster;
    }

    @Override
    public final Set<Durability> durabilities() {
        return Set.copyOf(durabilities);
    }

    @Override
    public Promises promises(ClusterSpec spec) {
        return StreamingStrategy.promises(
                spec.durability(), spec.timings(), spec.members().size());
    }

    /** A specification that differs from another in its settings. */
    static ClusterSpec with(ClusterSpec spec, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(spec.settings());
        settings.putAll(more);
        return new ClusterSpec(
                spec.name(),
                spec.members(),
                spec.durability(),
                spec.routes(),
                spec.timings(),
                spec.credentials(),
                settings);
    }

    /** A specification that differs from another in its timings. */
    static ClusterSpec with(ClusterSpec spec, Timings timings) {
        return new ClusterSpec(
                spec.name(),
                spec.members(),
                spec.durability(),
                spec.routes(),
                timings,
                spec.credentials(),
                spec.settings());
    }

    @Override
    public final HostRequirements requirements(ClusterSpec spec) {
        return new StreamingInstaller(program()).requirements();
    }

    @Override
    public final HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        return shown(new StreamingInstaller(program()).install(instead(spec), hosts));
    }
}
