package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Endpoint;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.Tls;
import io.github.pggauntlet.strategy.TlsContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster of agents, as its operator reaches it. */
final class StreamingCluster implements HaCluster {

    private final ClusterSpec spec;
    private final AgentClient agents;

    StreamingCluster(ClusterSpec spec) {
        this.spec = spec;
        Map<String, Endpoint> endpoints = new HashMap<>();
        spec.members()
                .forEach(member -> endpoints.put(member, spec.routes().route(Routes.OPERATOR, member, Service.AGENT)));
        this.agents = new AgentClient(
                endpoints,
                spec.credentials().tls().map(tls -> TlsContext.trusting(tls.authority())),
                spec.timings().call(),
                AgentJson.mapper());
    }

    @Override
    public ClientAccess clients() {
        List<Endpoint> endpoints = spec.members().stream()
                .map(member -> spec.routes().route(Routes.CLIENTS, member, Service.POSTGRES))
                .toList();
        return new ClientAccess(
                endpoints,
                LocalServer.APPLICATION,
                LocalServer.APPLICATION,
                spec.credentials().application(),
                spec.credentials().tls().map(Tls::authority));
    }

    @Override
    public List<NodeStatus> status() {
        try {
            return agents.ask(spec.members());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return spec.members().stream()
                    .map(member -> NodeStatus.unreachable(member, java.time.Instant.now(), "interrupted"))
                    .toList();
        }
    }

    @Override
    public List<JournalEntry> journal(String member, long after) {
        return agents.journal(member, after);
    }

    @Override
    public void switchover() throws InterruptedException {
        switchover(Optional.empty());
    }

    @Override
    public void switchover(Optional<String> to) throws InterruptedException {
        NodeStatus primary = status().stream()
                .filter(node -> node.role() == NodeRole.PRIMARY && node.open())
                .findFirst()
                .orElseThrow(() -> new HaException("There is no primary that could hand its role over."));
        agents.stepDown(primary.member(), to, spec.credentials().agent());
    }

    @Override
    public void close() {
        // The HTTP client's threads are daemons and end with the last reference to it.
    }
}
