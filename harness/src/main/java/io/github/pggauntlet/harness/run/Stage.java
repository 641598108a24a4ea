package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What a scenario plays on: a cluster under load, faults, and waits that are bounded. For use by one thread. */
public interface Stage {

    /** The members' names, in the cluster's order. */
    List<String> members();

    /** The scenario's parameters, with the standard values of those that were not set. */
    Map<String, String> parameters();

    /** Where everything that is drawn by lot comes from. */
    SplittableRandom random();

    /** Begins a part of the story. */
    void phase(String name);

    /**
     * Makes a fault and records it.
     *
     * @throws FaultNotMade if it could not be made; the run then proves nothing
     */
    ActiveFault inject(Fault fault) throws InterruptedException;

    /**
     * Heals a fault and records it.
     *
     * @throws FaultNotMade if it could not be healed; the run then proves nothing
     */
    void heal(ActiveFault fault) throws InterruptedException;

    /**
     * Waits until so many more writes have been acknowledged.
     *
     * @throws StoryStuck if that takes longer than {@code limit}
     */
    void awaitAcknowledged(long more, Duration limit) throws InterruptedException;

    /**
     * Waits until there is one primary that lets writes be acknowledged.
     *
     * @throws StoryStuck if that takes longer than {@code limit}
     */
    NodeStatus awaitPrimary(Duration limit) throws InterruptedException;

    /**
     * Waits until another member than {@code former} is primary and lets writes be acknowledged.
     *
     * @throws StoryStuck if that takes longer than {@code limit}
     */
    NodeStatus awaitTakeover(String former, Duration limit) throws InterruptedException;

    /**
     * Waits until the cluster is as redundant as it can be: one primary, everybody else streaming from it, all promotable.
     *
     * @throws StoryStuck if that takes longer than {@code limit}
     */
    void awaitWhole(Duration limit) throws InterruptedException;
}
