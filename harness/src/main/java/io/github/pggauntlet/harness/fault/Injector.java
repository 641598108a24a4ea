package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.HostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes faults in a running cluster, and makes sure that they are made.
 *
 * <p>Safe for use by several threads; faults that hit the same thing at the same time are the caller's concern.
 */
public final class Injector {

    private final Map<Class<? extends Fault>, Maker<?>> makers;

    /** Makes and verifies one kind of fault. */
    @FunctionalInterface
    interface Maker<F extends Fault> {
        ActiveFault make(F fault) throws InterruptedException;
    }

    /** An injector for a cluster on which a strategy is installed. */
    public Injector(TestCluster cluster, HaCluster strategy) {
        this(cluster, strategy::status);
    }

    /**
     * An injector for a cluster whose members' statuses come from elsewhere.
     *
     * @param status asks each member what it is, now
     */
    public Injector(TestCluster cluster, Supplier<List<NodeStatus>> status) {
        Targets targets = new Targets(status);
        MachineFaults machines = new MachineFaults(cluster, targets);
        LinkFaults links = new LinkFaults(cluster.links(), targets);
        AddressFaults addresses = new AddressFaults(cluster, targets);
        this.makers = Map.ofEntries(
                entry(AddressFault.KillUcarp.class, addresses::killUcarp),
                entry(AddressFault.MuteCarp.class, addresses::muteCarp),
                entry(AddressFault.PartMachines.class, addresses::partMachines),
                entry(Fault.KillPostmaster.class, machines::killPostmaster),
                entry(Fault.KillHost.class, machines::killHost),
                entry(Fault.StopHost.class, machines::stopHost),
                entry(Fault.SlowLink.class, links::slow));
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
            return make(fault, makers.get(fault.getClass()));
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
