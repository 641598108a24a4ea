package io.github.pggauntlet.strategy;

import io.github.pggauntlet.strategy.host.Host;
import java.util.List;
import java.util.Set;

/**
 * A way to keep PostgreSQL available on several machines.
 *
 * <p>A strategy states what it promises, says what it needs of its machines, and installs itself on them. Everything it
 * does to a machine goes through a {@link Host}, so the same strategy runs in a container, over SSH, and on this machine.
 * Strategies are found by {@link java.util.ServiceLoader}; one that lives in somebody else's jar works the same way.
 *
 * <p>Implementations are immutable and safe for use by several threads.
 */
public interface HaStrategy {

    /** The name by which users choose this strategy, for example {@code streaming}. */
    String name();

    /** One sentence that tells a user what this strategy is. */
    String description();

    /** The durability modes this strategy can run in. */
    Set<Durability> durabilities();

    /**
     * What this strategy promises for a cluster like {@code spec}, for each class of fault.
     *
     * @throws IllegalArgumentException if the strategy cannot run such a cluster; the message says why and what to do
     */
    Promises promises(ClusterSpec spec);

    /**
     * How long after another member's death each member takes the virtual address over, if the cluster has one; the
     * promotion comes on top of it.
     */
    default List<AddressTime> addressTimes(ClusterSpec spec) {
        return List.of();
    }

    /**
     * What the machines must offer.
     *
     * @throws IllegalArgumentException if the strategy cannot run such a cluster; the message says why and what to do
     */
    HostRequirements requirements(ClusterSpec spec);

    /**
     * Installs the strategy on the machines and starts it. Returns once every machine has taken its orders; the cluster
     * may still be forming, which {@link HaCluster#status()} tells.
     *
     * @param spec the cluster wanted
     * @param hosts one host for each member of the cluster, in the same order
     * @throws IllegalArgumentException if the cluster is impossible; the message says why and what to do
     * @throws HaException if a machine could not be prepared
     * @throws InterruptedException if the calling thread is interrupted while waiting for a machine
     */
    HaCluster install(ClusterSpec spec, List<Host> hosts) throws InterruptedException;
}
