package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeStatus;
import java.util.List;

/** The other members' agents, as a member reaches them. Safe for use by several threads. */
public interface Peers {

    /**
     * What each of these members says of itself now; those that do not answer in time are reported as unreachable.
     *
     * @throws InterruptedException if the calling thread is interrupted
     */
    List<NodeStatus> ask(List<String> members) throws InterruptedException;
}
