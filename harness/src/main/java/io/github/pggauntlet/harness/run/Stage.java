package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.fault.Terrain;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.CommandResult;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;

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
     * As {@link #inject}, but the story goes on. A fault whose victim is gone is only noted: it was not part of the run. One that
     * could not be made for any other reason, or not be seen to be made, is recorded, and the run then proves nothing.
     */
    Optional<ActiveFault> attempt(Fault fault) throws InterruptedException;

    /** What of the cluster and its strategy matters for the choice of faults. */
    Terrain terrain();

    /**
     * Heals a fault and records it.
     *
     * @throws FaultNotMade if it could not be healed; the run then proves nothing
     */
    void heal(ActiveFault fault) throws InterruptedException;

    /** Lets a fault last for a time, under load. */
    void endure(Duration time) throws InterruptedException;

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

    /**
     * Waits until a member says that it is something.
     *
     * @return what it said
     * @throws StoryStuck if that takes longer than {@code limit}
     */
    NodeStatus awaitRole(String member, NodeRole role, Duration limit) throws InterruptedException;

    /**
     * Waits until a member is a standby that streams, on the timeline of the one primary that is open.
     *
     * @throws StoryStuck if that takes longer than {@code limit}
     */
    NodeStatus awaitStandby(String member, Duration limit) throws InterruptedException;

    /**
     * Waits until no write at all has been acknowledged for a time.
     *
     * @param quiet that time
     * @throws StoryStuck if that takes longer than {@code limit}: writes go on
     */
    void awaitBlocked(Duration quiet, Duration limit) throws InterruptedException;

    /**
     * Waits until something holds of what the members say.
     *
     * @param what what is awaited, for messages
     * @throws StoryStuck if that takes longer than {@code limit}
     */
    void await(String what, Duration limit, Predicate<List<NodeStatus>> condition) throws InterruptedException;

    /** What each member says of itself now. */
    List<NodeStatus> look();

    /**
     * Has the primary's role handed over, and records it as a fault that a promise is made for.
     *
     * @param to to whom; empty to leave that to the strategy
     * @throws FaultNotMade if the strategy does not take the order
     */
    ActiveFault switchover(Optional<String> to) throws InterruptedException;

    /**
     * Orders, as the operator, that a member gives up what it has written since it and the others went separate ways, and
     * records that.
     *
     * @throws io.github.pggauntlet.strategy.HaException if the member does not take the order
     */
    void giveUp(String member) throws InterruptedException;

    /**
     * Executes a statement on a member, as the application's role and by the operator's route, and records that.
     *
     * @return the first column of the first row, if there is one
     * @throws SQLException if PostgreSQL refuses it, or does not answer within seconds
     */
    Optional<String> sql(String member, String statement) throws SQLException;

    /**
     * Runs a command on a member's machine as root, as an operator behind the strategy's back might, and records that.
     *
     * @throws io.github.pggauntlet.strategy.host.HostException if the machine cannot be reached
     */
    CommandResult shell(String member, Command command) throws InterruptedException;

    /** Records a sentence for readers. */
    void note(String text);
}
