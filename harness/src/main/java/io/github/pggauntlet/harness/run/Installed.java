package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HostRequirements;

/**
 * Machines on which a strategy is installed.
 *
 * @param machines the machines
 * @param spec what the strategy was told of them
 * @param requirements what it needs of them
 * @param cluster what it made of them
 */
record Installed(TestCluster machines, ClusterSpec spec, HostRequirements requirements, HaCluster cluster) {

    /** Whether the machines have a disk for DRBD. */
    boolean replicatedDisk() {
        return requirements.kernel().filter(own -> own.bareDiskMegabytes() > 0).isPresent();
    }
}
