package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A cluster of two machines with one disk, as its operator reaches it. */
final class DrbdCluster implements HaCluster {

    /** The role, and the database, that are made for applications. */
    static final String APPLICATION = "app";

    private final ClusterSpec spec;
    private final Map<String, AgentCaller> agents = new LinkedHashMap<>();

    /** @param limit how long an agent may take to answer */
    DrbdCluster(ClusterSpec spec, Duration limit) {
        this.spec = spec;
        for (String member : spec.members()) {
            agents.put(
                    member,
                    new AgentCaller(member, spec.routes().route(Routes.OPERATOR, member, Service.AGENT), limit));
        }
    }

    @Override
    public ClientAccess clients() {
        return new ClientAccess(
                spec.members().stream()
                        .map(member -> spec.routes().route(Routes.CLIENTS, member, Service.POSTGRES))
                        .toList(),
                APPLICATION,
                APPLICATION,
                spec.credentials().application());
    }

    @Override
    public List<NodeStatus> status() {
        List<CompletableFuture<NodeStatus>> asked =
                agents.values().stream().map(AgentCaller::status).toList();
        return shared(asked.stream().map(CompletableFuture::join).toList());
    }

    /**
     * A secondary cannot look into its disk. While it is connected and both disks are up to date it holds, block by block, what
     * the primary has written, and so the primary's timeline. Pure.
     */
    static List<NodeStatus> shared(List<NodeStatus> said) {
        List<NodeStatus> leaders = said.stream()
                .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                .toList();
        OptionalInt timeline = leaders.size() == 1 ? leaders.get(0).timeline() : OptionalInt.empty();
        return said.stream()
                .map(node -> node.role() == NodeRole.STANDBY && node.streaming() ? on(timeline, node) : node)
                .toList();
    }

    private static NodeStatus on(OptionalInt timeline, NodeStatus node) {
        return new NodeStatus(
                node.member(),
                node.at(),
                node.role(),
                node.open(),
                timeline,
                node.lsn(),
                node.streaming(),
                node.postmasterPid(),
                node.promotable(),
                node.rewindReady(),
                node.note());
    }

    @Override
    public List<JournalEntry> journal(String member, long after) {
        return caller(member).journal(after);
    }

    @Override
    public void switchover() throws InterruptedException {
        NodeStatus primary = status().stream()
                .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                .findFirst()
                .orElseThrow(() -> new HaException("There is no primary that could hand its role over."));
        caller(primary.member()).handOver(spec.credentials().agent());
    }

    @Override
    public void giveUp(String member) throws InterruptedException {
        caller(member).giveUp(spec.credentials().agent());
        for (String other : spec.members()) {
            if (!other.equals(member)) {
                caller(other).connect(spec.credentials().agent());
            }
        }
    }

    private AgentCaller caller(String member) {
        return Optional.ofNullable(agents.get(member))
                .orElseThrow(() -> new IllegalArgumentException("There is no member '" + member + "'."));
    }

    @Override
    public void close() {
        // The HTTP clients' threads are daemons and end with the last reference to them.
    }
}
