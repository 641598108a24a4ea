package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.NodeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What an agent offers to whoever makes its arbiter.
 *
 * @param cluster the cluster's name
 * @param member the agent's own member
 * @param members all members, most preferred first
 * @param arbiter where the arbiter is reached
 * @param limit how long to wait for one answer
 * @param peers asks other members what they are now
 * @param running whether the member's own PostgreSQL runs
 * @param data the member's data directory
 */
public record AgentContext(
        String cluster,
        String member,
        List<String> members,
        List<Endpoint> arbiter,
        Duration limit,
        PeerQuestion peers,
        BooleanSupplier running,
        Path data) {

    public AgentContext {
        members = List.copyOf(members);
        arbiter = List.copyOf(arbiter);
    }

    /** Asks members what they are now; those that do not answer are reported as unreachable. */
    public interface PeerQuestion {
        List<NodeStatus> ask(List<String> members) throws InterruptedException;
    }
}
