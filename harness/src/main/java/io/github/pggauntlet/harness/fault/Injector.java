package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes faults in a running cluster, and makes sure that they are made.
 *
 * <p>Safe for use by several threads; faults that hit the same thing at the same time are the caller's concern.
 */
public final class Injector {

    private final Settling settling = new Settling();
    private final Map<Class<? extends Fault>, Maker<?>> makers;

    /** Makes and verifies one kind of fault. */
    @FunctionalInterface
    interface Maker<F extends Fault> {
        ActiveFault make(F fault) throws InterruptedException;
    }

    /** An injector for a cluster on which a strategy is installed. */
    public Injector(TestCluster cluster, HaCluster strategy) {
        this(cluster, strategy::status, strategy::switchover);
    }

    /**
     * An injector for a cluster whose members' statuses come from elsewhere.
     *
     * @param status asks each member what it is, now
     */
    public Injector(TestCluster cluster, Supplier<List<NodeStatus>> status) {
        this(cluster, status, to -> {
            throw new FaultNotMade("There is nobody here who could hand over the primary's role.");
        });
    }

    private Injector(TestCluster cluster, Supplier<List<NodeStatus>> status, HandOver handOver) {
        Targets targets = new Targets(status);
        ProcessFaults processes = new ProcessFaults(cluster, targets);
        MachineFaults machines = new MachineFaults(cluster, targets);
        LinkFaults links = new LinkFaults(cluster, targets, settling);
        CutFaults cuts = new CutFaults(cluster, targets);
        ArbiterFaults arbiters = new ArbiterFaults(cluster);
        DiskFaults disks = new DiskFaults(cluster, targets);
        KernelFaults kernels = new KernelFaults(cluster, targets);
        AddressFaults addresses = new AddressFaults(cluster, targets);
        UcarpFaults ucarp = new UcarpFaults(cluster, targets);
        this.makers = Map.ofEntries(
                entry(Fault.KillPostmaster.class, processes::killPostmaster),
                entry(ProcessFault.KillProcess.class, processes::kill),
                entry(ProcessFault.FreezeProcess.class, processes::freeze),
                entry(Fault.KillHost.class, machines::killHost),
                entry(Fault.StopHost.class, machines::stopHost),
                entry(HostFault.PowerLoss.class, machines::losePower),
                entry(HostFault.FreezeHost.class, machines::freeze),
                entry(HostFault.RestartHost.class, machines::restart),
                entry(HostFault.SqueezeHost.class, machines::squeeze),
                entry(Fault.SlowLink.class, links::slow),
                entry(LinkFault.JitteryLink.class, links::jitter),
                entry(LinkFault.NarrowLink.class, links::narrow),
                entry(LinkFault.ResettingLink.class, links::reset),
                entry(LinkFault.SlicedLink.class, links::slice),
                entry(LinkFault.CutLink.class, cuts::cutLink),
                entry(LinkFault.FlappingLink.class, cuts::flap),
                entry(PartitionFault.CutBetween.class, cuts::cutBetween),
                entry(PartitionFault.CutLinks.class, cuts::cutLinks),
                entry(PartitionFault.Isolate.class, cuts::isolate),
                entry(PartitionFault.Split.class, cuts::split),
                entry(ArbiterFault.KillArbiters.class, arbiters::kill),
                entry(ArbiterFault.FreezeArbiters.class, arbiters::freeze),
                entry(ArbiterFault.SlowArbiters.class, links::slowArbiters),
                entry(DiskFault.FillDisk.class, disks::fill),
                entry(DiskFault.RemoveWal.class, disks::removeWal),
                entry(DiskFault.DamagePage.class, disks::damagePage),
                entry(DiskFault.RemoveData.class, disks::removeData),
                entry(DiskFault.SlowDisk.class, kernels::slow),
                entry(DiskFault.FailDisk.class, kernels::fail),
                entry(ClockFault.StepClock.class, kernels::step),
                entry(ClockFault.DriftClock.class, kernels::drift),
                entry(AddressFault.KillUcarp.class, ucarp::kill),
                entry(AddressFault.FreezeUcarp.class, ucarp::freeze),
                entry(AddressFault.SlowUpScript.class, ucarp::slowScript),
                entry(AddressFault.StepUcarpClock.class, ucarp::stepClock),
                entry(AddressFault.LoseCarrier.class, ucarp::loseCarrier),
                entry(AddressFault.TakeAddress.class, ucarp::takeAddress),
                entry(AddressFault.StrayAddress.class, ucarp::strayAddress),
                entry(AddressFault.MuteCarp.class, addresses::muteCarp),
                entry(AddressFault.PartMachines.class, addresses::partMachines),
                entry(Fault.Switchover.class, fault -> switchover(fault, targets, handOver)));
    }

    /** Hands the primary's role over. */
    @FunctionalInterface
    private interface HandOver {
        void order(Optional<String> to) throws InterruptedException;
    }

    private static ActiveFault switchover(Fault.Switchover fault, Targets targets, HandOver handOver)
            throws InterruptedException {
        NodeStatus primary = targets.resolve(Target.primary());
        Instant from = Instant.now();
        try {
            handOver.order(fault.to());
        } catch (HaException e) {
            throw new FaultNotMade("The order to hand over was not taken: " + e.getMessage(), e);
        }
        return new ActiveFault(
                new ActiveFault.Made(
                        fault,
                        fault.faultClass(),
                        Map.of("the primary", primary.member()),
                        from,
                        Instant.now(),
                        Map.of("order", "taken by the strategy")),
                () -> Map.of("healed by", "the strategy, which makes the former primary a standby"));
    }

    private static <F extends Fault> Map.Entry<Class<? extends Fault>, Maker<?>> entry(Class<F> kind, Maker<F> maker) {
        return Map.entry(kind, maker);
    }

    /** The kinds of fault this injector can make. */
    Set<Class<? extends Fault>> kinds() {
        return makers.keySet();
    }

    /**
     * Makes a fault, and returns once its effect is seen.
     *
     * @throws FaultNotMade if it could not be made, or its effect not be seen; what was done of it has been undone where
     *     that is possible
     * @throws InterruptedException if the calling thread is interrupted
     */
    public ActiveFault inject(Fault fault) throws InterruptedException {
        try {
            ActiveFault made = make(fault, makers.get(fault.getClass()));
            settling.begin();
            return made;
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("It could not be brought about that " + fault + ": " + e.getMessage(), e);
        }
    }

    // The map's only writer, entry(), pairs each class with a maker of that class.
    @SuppressWarnings("unchecked")
    private static <F extends Fault> ActiveFault make(Fault fault, @org.jspecify.annotations.Nullable Maker<F> maker)
            throws InterruptedException {
        if (maker == null) {
            throw new IllegalStateException(
                    "There is no maker for " + fault.getClass().getSimpleName() + ".");
        }
        return maker.make((F) fault);
    }
}
