package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Says what the member is now: asks PostgreSQL at every call, on a connection of its own. Whoever asks while many others do,
 * and PostgreSQL is silent, is told so after no more than two of the agent's limits for one answer.
 */
final class StatusReporter implements SelfReport, AutoCloseable {

    private final AgentConfig config;
    private final Postmaster postmaster;
    private final LeaseKeeper keeper;
    private final Published published;
    private final Background background;
    private final Heartbeat heartbeat;
    private final ServerConnection sql;
    private final ReentrantLock turn = new ReentrantLock(true);

    StatusReporter(
            AgentConfig config,
            Postmaster postmaster,
            LeaseKeeper keeper,
            Published published,
            Background background,
            Heartbeat heartbeat,
            AtomicInteger timelineSeen) {
        this.config = config;
        this.postmaster = postmaster;
        this.keeper = keeper;
        this.published = published;
        this.background = background;
        this.heartbeat = heartbeat;
        this.sql = new ServerConnection(
                config.postgresPort(),
                config.credentials().superuser(),
                "gauntlet-status",
                config.timings().call(),
                timelineSeen);
    }

    @Override
    public NodeStatus status() {
        OptionalLong pid = postmaster.pid();
        if (pid.isEmpty()) {
            return status(
                    published.quarantined()
                            ? NodeRole.QUARANTINED
                            : background.busy() ? NodeRole.REJOINING : NodeRole.STOPPED,
                    ServerView.without(Postgres.DOWN_STANDBY, pid));
        }
        ServerView view = inTurn(connection -> connection.observe(pid), ServerView.without(Postgres.SILENT, pid));
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

    @Override
    public Optional<WalState> walState() {
        return postmaster.pid().isEmpty()
                ? Optional.empty()
                : inTurn(ServerConnection::walState, Optional.<WalState>empty());
    }

    @Override
    public Duration leaseLeft() {
        return keeper.left();
    }

    @Override
    public Duration sinceStep() {
        return heartbeat.sinceStep();
    }

    @Override
    public Duration uptime() {
        return heartbeat.uptime();
    }

    /** Asks PostgreSQL when it is this caller's turn. */
    private <T> T inTurn(Function<ServerConnection, T> question, T otherwise) {
        try {
            if (!turn.tryLock(config.timings().call().toMillis(), TimeUnit.MILLISECONDS)) {
                return otherwise;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        }
        try {
            return question.apply(sql);
        } finally {
            turn.unlock();
        }
    }

    private NodeStatus status(NodeRole role, ServerView view) {
        // Asked after PostgreSQL was: an answer that took longer than the lease is that of a primary no more.
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
    public void close() {
        turn.lock();
        try {
            sql.close();
        } finally {
            turn.unlock();
        }
    }
}
