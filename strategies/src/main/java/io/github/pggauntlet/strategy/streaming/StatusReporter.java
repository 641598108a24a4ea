package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Says what the member is now: asks PostgreSQL at every call, on a connection of its own. */
final class StatusReporter implements Supplier<NodeStatus>, AutoCloseable {

    private final AgentConfig config;
    private final Postmaster postmaster;
    private final LeaseKeeper keeper;
    private final Published published;
    private final Background background;
    private final ServerConnection sql;

    StatusReporter(
            AgentConfig config,
            Postmaster postmaster,
            LeaseKeeper keeper,
            Published published,
            Background background,
            AtomicInteger timelineSeen) {
        this.config = config;
        this.postmaster = postmaster;
        this.keeper = keeper;
        this.published = published;
        this.background = background;
        this.sql = new ServerConnection(
                config.postgresPort(),
                config.credentials().superuser(),
                "gauntlet-status",
                config.timings().call(),
                timelineSeen);
    }

    @Override
    public synchronized NodeStatus get() {
        java.util.OptionalLong pid = postmaster.pid();
        if (pid.isEmpty()) {
            return status(
                    published.quarantined()
                            ? NodeRole.QUARANTINED
                            : background.busy() ? NodeRole.REJOINING : NodeRole.STOPPED,
                    ServerView.without(
                            io.github.pggauntlet.strategy.decision.FailoverRules.Postgres.DOWN_STANDBY, pid));
        }
        ServerView view = sql.observe(pid);
        NodeRole role = switch (view.state()) {
            case STANDBY ->
                keeper.held().isPresent()
                        ? NodeRole.PROMOTING
                        : background.busy() ? NodeRole.REJOINING : NodeRole.STANDBY;
            case PRIMARY -> NodeRole.PRIMARY;
            default -> background.busy() ? NodeRole.REJOINING : NodeRole.TRANSITION;
        };
        return status(role, view);
    }

    private NodeStatus status(NodeRole role, ServerView view) {
        Optional<Long> term = keeper.held().map(Lease::term);
        boolean answered = view.timeline() > 0;
        return new NodeStatus(
                config.member(),
                Instant.now(),
                role,
                role == NodeRole.PRIMARY && term.filter(published::open).isPresent(),
                answered ? OptionalInt.of(view.timeline()) : OptionalInt.empty(),
                answered ? Optional.of(view.lsn()) : Optional.<Lsn>empty(),
                view.streaming(),
                view.postmaster(),
                published.promotable(),
                term.filter(published::rewindReady).isPresent(),
                published.note());
    }

    @Override
    public synchronized void close() {
        sql.close();
    }
}
