package io.github.pggauntlet.scenarios.broken;

import io.github.pggauntlet.strategy.AddressTime;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.ucarp.UcarpFastStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sound strategy under ucarp, of which something is changed on the machines once it has been installed. */
abstract class BrokenUcarp implements HaStrategy {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HaStrategy sound;
    private final String name;
    private final String description;

    /** The change: a script for the shell, run as root on each machine. */
    private final String change;

    BrokenUcarp(String name, String description, String change) {
        this(new UcarpFastStrategy(), name, description, change);
    }

    BrokenUcarp(HaStrategy sound, String name, String description, String change) {
        this.sound = sound;
        this.name = name;
        this.description = description;
        this.change = change;
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
        return sound.durabilities();
    }

    @Override
    public final Promises promises(ClusterSpec spec) {
        return sound.promises(spec);
    }

    @Override
    public final List<AddressTime> addressTimes(ClusterSpec spec) {
        return sound.addressTimes(spec);
    }

    @Override
    public final HostRequirements requirements(ClusterSpec spec) {
        return sound.requirements(spec);
    }

    @Override
    public final HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException {
        HaCluster cluster = sound.install(spec, hosts);
        for (Host host : hosts) {
            host.run(new Command(List.of("sh", "-euc", change), Map.of(), LIMIT))
                    .orFail();
        }
        return cluster;
    }
}
