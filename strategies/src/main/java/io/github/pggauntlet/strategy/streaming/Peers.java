package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeStatus;
import java.util.List;

/** The other members' agents, as this member reaches them. */
interface Peers {

    /** What each of them says of itself now; those that do not answer in time are reported as unreachable. */
    List<NodeStatus> ask(List<String> members) throws InterruptedException;
}
