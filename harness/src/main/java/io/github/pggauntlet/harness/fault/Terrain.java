package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.strategy.FaultClass;
import java.util.Set;

/**
 * What of a cluster and its strategy matters for the choice of faults.
 *
 * @param machines how many machines carry PostgreSQL
 * @param arbiters how many arbiters there are
 * @param limitedVolumes whether data volumes can be filled
 * @param address whether ucarp passes a virtual address between the machines
 * @param ownKernels whether each machine has a kernel of its own
 * @param promised the classes of fault for which the strategy promises anything
 */
public record Terrain(
        int machines,
        int arbiters,
        boolean limitedVolumes,
        boolean address,
        boolean ownKernels,
        Set<FaultClass> promised) {

    public Terrain {
        promised = Set.copyOf(promised);
    }

    /** How few arbiters are a majority: without so many the others decide nothing. */
    int arbiterMajority() {
        return arbiters - arbiters / 2;
    }
}
