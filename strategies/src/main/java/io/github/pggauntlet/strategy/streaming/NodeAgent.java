package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ArbiterException;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.CandidateSelection;
import io.github.pggauntlet.strategy.decision.CandidateSelection.Contender;
import io.github.pggauntlet.strategy.decision.FailoverRules;
import io.github.pggauntlet.strategy.decision.FailoverRules.Decision;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member's agent: observes, decides by {@link FailoverRules}, and acts. Works against ports only, in steps that the
 * caller drives; long steps are handed to {@link Background}. For use by one thread, except where stated. It is long because
 * each step of the rules has its few lines here, beside the clocks that the rules are asked with.
 */
final class NodeAgent {

    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    private static final Duration PROMOTE_LIMIT = Duration.ofSeconds(60);

    /** What the agent wants after a step. */
    enum Pace {
        /** Look again at once: something has been done that others wait for. */
        AT_ONCE,
        /** Look again very soon: something is about to happen. */
        SOON,
        /** Look again at the next tick. */
        TICK
    }

    private final AgentConfig config;
    private final Arbiter arbiter;
    private final LeaseKeeper keeper;
    private final Server server;
    private final RejoinTask rejoin;
    private final Peers peers;
    private final Journal journal;
    private final Background background;
    private final AgentClock clock;
    private final AgentRules rules;
    private final PrimaryDuties duties;
    private final Published published = new Published();

    private @Nullable Long vacantSince;
    private @Nullable Long straySince;
    private @Nullable Long silentSince;
    private @Nullable ClusterRecord lastRecord;
    private boolean recordWillDo;
    private @Nullable Asked asked;
    private String chosen = "";
    private Postgres lastState = Postgres.ABSENT;
    private boolean expectDown = true;
    private volatile boolean steppingDown;
    private @Nullable Long steppedDownAt;
    private @Nullable Long restartedAt;
    private volatile Optional<Favour> favour = Optional.empty();

    /** Who is to take over if it can, and until when that is so. */
    private record Favour(String member, long until) {}

    /** What the other members were asked in advance, and when. */
    private record Asked(Future<List<NodeStatus>> answers, long at) {}

    /** What PostgreSQL says, and what the arbiter says. */
    private record Look(ServerView view, Optional<Lease> lease, ClusterRecord record) {}

    NodeAgent(
            AgentConfig config,
            Arbiter arbiter,
            LeaseKeeper keeper,
            Server server,
            RejoinTask rejoin,
            Peers peers,
            Journal journal,
            Background background,
            AgentClock clock) {
        this(config, arbiter, keeper, server, rejoin, peers, journal, background, clock, AgentRules.SOUND);
    }

    NodeAgent(
            AgentConfig config,
            Arbiter arbiter,
            LeaseKeeper keeper,
            Server server,
            RejoinTask rejoin,
            Peers peers,
            Journal journal,
            Background background,
            AgentClock clock,
            AgentRules rules) {
        this.config = config;
        this.arbiter = arbiter;
        this.keeper = keeper;
        this.server = server;
        this.rejoin = rejoin;
        this.peers = peers;
        this.journal = journal;
        this.background = background;
        this.clock = clock;
        this.rules = rules;
        this.duties = new PrimaryDuties(config, arbiter, server, published, journal, background, clock, rules);
    }

    /** What the agent lets others know between its steps. Safe for use by several threads. */
    Published published() {
        return published;
    }

    /** Orders the agent to give up the primary's role. Safe for use by several threads. */
    void stepDown() {
        steppingDown = true;
    }

    /**
     * Asks the agent to leave the primary's role to a certain member, itself perhaps, the next time that it is free, if that
     * member has all that any other has. Forgotten after two leases. Safe for use by several threads.
     */
    void favour(String member) {
        favour = Optional.of(new Favour(
                member, clock.nanos() + config.timings().lease().multipliedBy(2).toNanos()));
    }

    private Optional<String> favoured() {
        return favour.filter(one -> clock.nanos() - one.until() < 0).map(Favour::member);
    }

    /** Makes one step. */
    Pace step() throws InterruptedException {
        try {
            Look look = look();
            ServerView view = look.view();
            Optional<Lease> lease = look.lease();
            ClusterRecord record = look.record();
            FailoverRules.View seen = view(view, record, lease);
            Decision decision = rules.failover(seen);
            published.set(record.promotable(), decision.why() + chosen);
            return act(decision, seen, view, record, lease);
        } catch (ArbiterException | HaException | HostException e) {
            LOG.warn("A step failed: {}", e.getMessage());
            published.note(String.valueOf(e.getMessage()));
            return Pace.TICK;
        }
    }

    /**
     * Asks PostgreSQL and the arbiter: side by side where a failover may wait for the answers. A primary asks one after the
     * other, and when its PostgreSQL has ended it does not ask the arbiter first: it can only give its lease away, whatever
     * the facts are, and each moment until then is a moment without a primary. Nor does a standby that has just stopped
     * receiving: what it decides on next is to take the lease, which it gets only if nothing has changed on record.
     */
    private Look look() throws InterruptedException {
        ClusterRecord last = lastRecord;
        boolean willDo = recordWillDo && last != null;
        recordWillDo = false;
        if (!willDo && keeper.held().isEmpty()) {
            return lookAtBoth();
        }
        ServerView view = server.observe();
        note(view);
        Optional<Lease> lease = keeper.held();
        if (last == null || !(willDo || (lease.isPresent() && view.state() == Postgres.DOWN_PRIMARY))) {
            last = arbiter.read();
            lastRecord = last;
        }
        return new Look(view, lease, last);
    }

    private Look lookAtBoth() throws InterruptedException {
        Future<ClusterRecord> facts = background.ask(arbiter::read);
        try {
            ServerView view = server.observe();
            note(view);
            ClusterRecord record = answer(facts);
            lastRecord = record;
            return new Look(view, keeper.held(), record);
        } finally {
            // The arbiter is asked one thing after another: a question that goes on beside the next step could settle
            // what that step has just begun.
            awaitEnd(facts);
        }
    }

    private static <T> T answer(Future<T> question) throws InterruptedException {
        try {
            return question.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new HaException("A question was not answered: " + e.getCause(), e);
        }
    }

    private static void awaitEnd(Future<?> question) throws InterruptedException {
        try {
            question.get();
        } catch (ExecutionException e) {
            LOG.trace("Whoever wanted the answer has been told.", e);
        }
    }

    /** Notices that PostgreSQL has ended by itself. */
    private void note(ServerView view) {
        boolean down = !view.running();
        boolean wasUp = lastState != Postgres.ABSENT
                && lastState != Postgres.DOWN_PRIMARY
                && lastState != Postgres.DOWN_STANDBY;
        if (down && wasUp && !expectDown && !background.busy()) {
            journal.record(Milestone.FAILURE_DETECTED, Map.of("was", lastState.name()));
            expectDown = true;
        }
        if (view.running()) {
            expectDown = false;
        }
        if (!background.busy()) {
            lastState = view.state();
        }
    }

    private FailoverRules.View view(ServerView view, ClusterRecord record, Optional<Lease> lease)
            throws InterruptedException {
        long now = clock.nanos();
        boolean vacant = record.holder().isEmpty() && lease.isEmpty();
        if (!vacant) {
            vacantSince = null;
        } else if (vacantSince == null) {
            vacantSince = now;
            if (record.systemIdentifier().isPresent()) {
                journal.record(Milestone.VACANCY_SEEN, Map.of("term", Long.toString(record.term())));
            }
        }
        boolean receiving = view.state() == Postgres.STANDBY
                && (view.streaming() || server.upstream().isPresent());
        boolean choosing = vacant && view.state() == Postgres.STANDBY && !receiving;
        CandidateSelection.Choice choice =
                choosing ? choice(view, record) : new CandidateSelection.Choice(Optional.empty(), Set.of(), "");
        chosen = choosing ? "; " + choice.reason() : "";
        boolean following = server.upstream().equals(record.holder());
        forgetOldOrder(record);
        refuseVainOrder(record, lease);
        return new FailoverRules.View(
                config.member(),
                config.preference(),
                known(view.state(), record),
                record.systemIdentifier().isPresent(),
                record.holder(),
                lease.isPresent(),
                record.promotable(),
                vacantSince == null ? Duration.ZERO : Duration.ofNanos(now - vacantSince),
                config.timings().lease(),
                choice.member(),
                following,
                stray(view, record, now),
                background.busy(),
                steppingDown,
                choice.equals().contains(config.member()),
                receiving,
                silent(view, now),
                restartable(lease, now),
                restartedAt != null
                        && now - restartedAt > config.crashes().within().toNanos());
    }

    /** A bootstrap that broke off before it was on record has left nothing that counts: it may be made anew. */
    private Postgres known(Postgres state, ClusterRecord record) throws InterruptedException {
        boolean leftover =
                state == Postgres.DOWN_PRIMARY && record.systemIdentifier().isEmpty() && server.unrecorded();
        return leftover ? Postgres.ABSENT : state;
    }

    /** Only what was open in this very term: anything else may not have been settled with the standbys. */
    private boolean restartable(Optional<Lease> lease, long now) {
        return config.crashes().restarts()
                && lease.map(Lease::term).filter(published::open).isPresent()
                && (restartedAt == null
                        || now - restartedAt > config.crashes().apart().toNanos());
    }

    /** For how long PostgreSQL has run and given no answer. */
    private Duration silent(ServerView view, long now) {
        if (view.state() != Postgres.SILENT || background.busy()) {
            silentSince = null;
            return Duration.ZERO;
        }
        if (silentSince == null) {
            silentSince = now;
        }
        return Duration.ofNanos(now - silentSince);
    }

    /** A role that nobody else may take is not given up. */
    private void refuseVainOrder(ClusterRecord record, Optional<Lease> lease) {
        if (steppingDown && lease.isPresent() && record.promotable().equals(Set.of(config.member()))) {
            steppingDown = false;
            journal.record(
                    Milestone.STEP_FAILED,
                    Map.of("step", "switchover", "reason", "no standby may be promoted; the role is kept"));
        }
    }

    /** An order to step down is spent once another member has taken over, or once nobody did for two leases. */
    private void forgetOldOrder(ClusterRecord record) {
        boolean taken = record.holder().isPresent() && !record.heldBy(config.member());
        boolean spent = steppedDownAt != null
                && (taken
                        || clock.nanos() - steppedDownAt
                                > config.timings().lease().multipliedBy(2).toNanos());
        if (spent) {
            steppingDown = false;
            steppedDownAt = null;
        }
    }

    private CandidateSelection.Choice choice(ServerView view, ClusterRecord record) throws InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender(
                config.member(), config.preference(), false, true, view.streaming(), view.timeline(), view.lsn()));
        for (NodeStatus peer : answersOfOthers()) {
            if (peer.role() != NodeRole.UNREACHABLE) {
                contenders.add(new Contender(
                        peer.member(),
                        config.members().indexOf(peer.member()),
                        peer.role() == NodeRole.PRIMARY && peer.open(),
                        peer.role() == NodeRole.STANDBY,
                        peer.streaming(),
                        peer.timeline().orElse(0),
                        peer.lsn().orElse(Lsn.INVALID)));
            }
        }
        return rules.candidate(record.succession(), record.elected(), favoured(), contenders);
    }

    /** Whoever was asked a moment ago, when this member stopped receiving, is not asked again. */
    private List<NodeStatus> answersOfOthers() throws InterruptedException {
        Asked before = asked;
        asked = null;
        long tick = config.timings().tick().toNanos();
        if (before == null || clock.nanos() - before.at() > tick) {
            return peers.ask(config.others());
        }
        return answer(before.answers());
    }

    /** For how long a standby has not streamed although the primary is there and open. */
    private Duration stray(ServerView view, ClusterRecord record, long now) throws InterruptedException {
        boolean stray = view.state() == Postgres.STANDBY
                && !view.streaming()
                && !background.busy()
                && record.holder()
                        .filter(holder -> !holder.equals(config.member()))
                        .isPresent();
        if (!stray) {
            straySince = null;
            return Duration.ZERO;
        }
        if (straySince == null) {
            straySince = now;
        }
        Duration since = Duration.ofNanos(now - straySince);
        if (since.compareTo(config.timings().lease()) >= 0) {
            NodeStatus primary =
                    peers.ask(List.of(record.holder().orElseThrow())).get(0);
            if (primary.role() != NodeRole.PRIMARY) {
                straySince = now;
                return Duration.ZERO;
            }
        }
        return since;
    }

    private Pace act(
            Decision decision, FailoverRules.View seen, ServerView view, ClusterRecord record, Optional<Lease> lease)
            throws InterruptedException {
        return switch (decision.step()) {
            case WAIT -> view.state() == Postgres.STARTING ? Pace.SOON : Pace.TICK;
            case ACQUIRE -> acquire(seen, view, record);
            case BOOTSTRAP -> bootstrap(lease.orElseThrow());
            case START_STANDBY -> {
                server.startStandby(Optional.empty());
                journal.record(Milestone.POSTGRES_STARTED, Map.of("why", decision.why()));
                yield Pace.SOON;
            }
            case FOLLOW -> {
                server.follow(record.holder().orElseThrow());
                yield Pace.TICK;
            }
            case DETACH -> {
                boolean told = server.upstream().isEmpty();
                if (!told) {
                    server.detach();
                    recordWillDo = true;
                    asked = new Asked(background.ask(() -> peers.ask(config.others())), clock.nanos());
                }
                yield told ? Pace.SOON : Pace.AT_ONCE;
            }
            case REJOIN -> rejoin(view, record.holder().orElseThrow());
            case PROMOTE -> promote(view, record, lease.orElseThrow());
            case RESTART -> {
                // What a postmaster that was killed has left behind would keep another from starting, or go on.
                server.kill();
                restartedAt = clock.nanos();
                server.restartPrimary();
                journal.record(Milestone.POSTGRES_STARTED, Map.of("why", decision.why()));
                yield Pace.SOON;
            }
            case TEND -> duties.tend(view, record, lease.orElseThrow());
            case STEP_DOWN -> {
                expectDown = true;
                server.stop();
                steppedDownAt = clock.nanos();
                journal.record(Milestone.DEMOTED, Map.of("why", decision.why()));
                yield release();
            }
            case RELEASE -> {
                server.kill();
                yield release();
            }
            case FENCE -> {
                expectDown = true;
                server.kill();
                journal.record(Milestone.FENCED, Map.of("why", decision.why()));
                yield Pace.AT_ONCE;
            }
        };
    }

    private Pace acquire(FailoverRules.View seen, ServerView view, ClusterRecord record) throws InterruptedException {
        long askedAt = keeper.now();
        Optional<Lease> obtained =
                arbiter.acquire(config.member(), record, config.timings().lease());
        if (obtained.isEmpty()) {
            return Pace.SOON;
        }
        Lease lease = obtained.get();
        keeper.keep(lease, askedAt);
        journal.record(Milestone.ELECTED, Map.of("term", Long.toString(lease.term())));
        // The lease was given only because nothing on record had changed, so what was seen still holds.
        Decision next = rules.failover(seen.asHolder());
        return next.step() == FailoverRules.Step.PROMOTE ? promote(view, record, lease) : Pace.AT_ONCE;
    }

    private Pace release() throws InterruptedException {
        journal.record(Milestone.FENCED);
        keeper.release();
        journal.record(Milestone.LEASE_RELEASED);
        duties.end();
        return Pace.AT_ONCE;
    }

    private Pace bootstrap(Lease lease) throws InterruptedException {
        server.bootstrap();
        if (!arbiter.recordSystem(lease, server.systemIdentifier())) {
            throw new HaException("The identity of the new data could not be recorded: the lease is lost.");
        }
        journal.record(Milestone.BOOTSTRAPPED);
        return Pace.AT_ONCE;
    }

    private Pace rejoin(ServerView view, String primary) throws InterruptedException {
        if (view.running()) {
            expectDown = true;
            server.stop();
        }
        background.start("rejoin", () -> {
            try {
                Way way = rejoin.run(primary);
                published.quarantined(way == Way.QUARANTINE);
            } catch (HaException | HostException e) {
                journal.record(
                        Milestone.STEP_FAILED, Map.of("step", "rejoin", "reason", String.valueOf(e.getMessage())));
                server.stop();
            }
        });
        return Pace.TICK;
    }

    private Pace promote(ServerView view, ClusterRecord record, Lease lease) throws InterruptedException {
        journal.record(
                Milestone.PROMOTION_STARTED,
                Map.of(
                        "term", Long.toString(lease.term()),
                        "from-timeline", Integer.toString(view.timeline()),
                        "lsn", view.lsn().toString()));
        server.beginPromotion();
        duties.prepare(view, record, lease);
        int timeline = server.awaitPromoted(PROMOTE_LIMIT);
        if (timeline <= view.timeline()) {
            // Two terms on one timeline could not be told apart by anybody who rejoins: it may not take writes.
            expectDown = true;
            server.kill();
            String reason = "The promotion has not led to a new timeline: " + view.timeline() + " before, " + timeline
                    + " after.";
            journal.record(Milestone.STEP_FAILED, Map.of("step", "promotion", "reason", reason));
            throw new HaException(reason);
        }
        journal.record(Milestone.PROMOTED, Map.of("timeline", Integer.toString(timeline)));
        duties.tellOpen(lease);
        return Pace.AT_ONCE;
    }

    /** Ends in good order: a primary hands its role over, a standby just stops. */
    void shutDown() throws InterruptedException {
        expectDown = true;
        server.stop();
        if (keeper.held().isPresent()) {
            journal.record(Milestone.DEMOTED, Map.of("why", "the agent has been told to stop"));
            try {
                release();
            } catch (ArbiterException e) {
                LOG.warn("The lease could not be given away and will run out: {}", e.getMessage());
            }
        }
        journal.record(Milestone.AGENT_STOPPED);
    }
}
