package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.PowerSwitch;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.cluster.Topology;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Routes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What follows from a plan before there is any machine. Pure.
 *
 * @param requirements what the strategy needs of its machines
 * @param promises what it promises then
 * @param topology the machines
 */
record Setup(HostRequirements requirements, Promises promises, Topology topology) {

    private static final int PREPARED = 100;

    /** Machines with a kernel of their own where the strategy would do without. */
    private static final HostRequirements.OwnKernel GUEST = new HostRequirements.OwnKernel(512, 0);

    /**
     * Of a plan.
     *
     * @throws IllegalArgumentException if the strategy cannot be run so; the message says why and what to do
     */
    static Setup of(RunPlan plan, HaStrategy strategy) {
        ClusterSpec outline =
                spec(plan, Topology.of(plan.machines(), plan.postgres()).members(), Routes.none());
        HostRequirements requirements = strategy.requirements(outline);
        return new Setup(requirements, strategy.promises(armed(requirements, outline)), topology(plan, requirements));
    }

    /** What the strategy is told of the machines. */
    ClusterSpec spec(RunPlan plan, TestCluster machines) {
        ClusterSpec spec = spec(plan, machines.members(), machines.routes());
        return armed(
                requirements,
                machines.tls()
                        .map(tls -> spec.with(spec.credentials().withTls(tls)))
                        .orElse(spec));
    }

    /** The same with the program by which machines cut each other's power, where the strategy needs one. */
    private static ClusterSpec armed(HostRequirements requirements, ClusterSpec spec) {
        return requirements.fencing() ? spec.with(spec.safeguards().with(PowerSwitch.program())) : spec;
    }

    private static Topology topology(RunPlan plan, HostRequirements requirements) {
        if (requirements.arbiter() && plan.arbiters() == 0) {
            throw new IllegalArgumentException(
                    "The strategy '" + plan.strategy() + "' needs a third opinion, since without one"
                            + " nobody can tell a machine that is dead from one that cannot be reached; give it an arbiter with"
                            + " --arbiters 1, or choose one that does without and does not promise that a cut link leaves one"
                            + " history: 'ucarp-streaming'.");
        }
        Topology topology = Topology.of(plan.machines(), plan.postgres(), requirements)
                .withArbiters(plan.arbiters())
                .withTls(plan.tls());
        Topology kernels = plan.ownKernels() && topology.kernel().isEmpty() ? topology.withKernel(GUEST) : topology;
        return plan.volume() == 0 ? kernels : kernels.withVolume((long) plan.volume() << 20);
    }

    private static ClusterSpec spec(RunPlan plan, List<String> members, Routes routes) {
        return new ClusterSpec(
                "gauntlet", members, plan.durability(), routes, plan.timings(), Credentials.random(), settings(plan));
    }

    private static SortedMap<String, String> settings(RunPlan plan) {
        SortedMap<String, String> settings = new TreeMap<>(plan.settings());
        if (plan.workload().has(WorkloadChoice.Special.TWO_PHASE)) {
            settings.putIfAbsent("max_prepared_transactions", Integer.toString(PREPARED));
        }
        return settings;
    }
}
