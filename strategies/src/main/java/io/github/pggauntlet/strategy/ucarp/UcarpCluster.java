package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.ClientAccess;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import java.util.List;
import java.util.Optional;

/** A cluster of agents that applications reach by one address. */
final class UcarpCluster implements HaCluster {

    private final ClusterSpec spec;
    private final HaCluster agents;

    UcarpCluster(ClusterSpec spec, HaCluster agents) {
        this.spec = spec;
        this.agents = agents;
    }

    @Override
    public ClientAccess clients() {
        ClientAccess members = agents.clients();
        return new ClientAccess(
                List.of(spec.routes().route(Routes.CLIENTS, Routes.ADDRESS, Service.POSTGRES)),
                members.database(),
                members.user(),
                members.password(),
                members.authority());
    }

    @Override
    public List<NodeStatus> status() {
        return agents.status();
    }

    @Override
    public List<JournalEntry> journal(String member, long after) {
        return agents.journal(member, after);
    }

    @Override
    public void giveUp(String member) throws InterruptedException {
        agents.giveUp(member);
    }

    @Override
    public void switchover() throws InterruptedException {
        agents.switchover();
    }

    @Override
    public void switchover(Optional<String> to) throws InterruptedException {
        agents.switchover(to);
    }

    @Override
    public void close() {
        agents.close();
    }
}
