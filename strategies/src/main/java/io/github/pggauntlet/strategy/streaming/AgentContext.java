package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.FenceProgram;
import io.github.pggauntlet.strategy.TlsContext;
import io.github.pggauntlet.strategy.arbiter.EtcdArbiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What an agent offers to whoever makes its arbiter.
 *
 * @param cluster the cluster's name
 * @param member the agent's own member
 * @param members all members, most preferred first
 * @param arbiter where the arbiter is reached
 * @param limit how long to wait for one answer
 * @param lease how long a lease lasts
 * @param peers the other members
 * @param questions asks the arbiter of another member
 * @param running whether the member's own PostgreSQL runs
 * @param data the member's data directory
 * @param tls what the member proves itself with; empty if the cluster does without TLS
 * @param fencing the program that proves another member's machine dead, if there is one
 */
public record AgentContext(
        String cluster,
        String member,
        List<String> members,
        List<Endpoint> arbiter,
        Duration limit,
        Duration lease,
        Peers peers,
        PeerQuestions questions,
        BooleanSupplier running,
        Path data,
        Optional<TlsContext> tls,
        Optional<FenceProgram> fencing) {

    public AgentContext {
        members = List.copyOf(members);
        arbiter = List.copyOf(arbiter);
    }

    /** The arbiter that etcd is, there where the arbiter is reached; over TLS if the cluster has it. */
    public EtcdArbiter etcd() {
        return new EtcdArbiter(cluster, arbiter, limit, tls);
    }
}
