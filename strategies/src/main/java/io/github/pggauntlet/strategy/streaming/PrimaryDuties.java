package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.arbiter.Arbiter;
import io.github.pggauntlet.strategy.arbiter.ClusterRecord;
import io.github.pggauntlet.strategy.arbiter.Lease;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Joining;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Move;
import io.github.pggauntlet.strategy.decision.DurabilityPolicy.Standby;
import io.github.pggauntlet.strategy.decision.Gate;
import io.github.pggauntlet.strategy.decision.Succession;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a primary does at every step of its agent: sees to slots, then to durability as {@link DurabilityPolicy} says, then
 * to readiness to be rewound from. For use by one thread.
 */
final class PrimaryDuties {

    private static final long NEARBY_BYTES = 16L << 20;

    /** How many bytes of WAL a standby of an asynchronous cluster may lag behind and still be promotable. */
    static final long MAXIMUM_LAG_BYTES = 16L << 20;

    /** Nobody streams yet, so there are two: who may be promoted, and the gate. */
    private static final int MOST_MOVES = 4;

    private final AgentConfig config;
    private final Arbiter arbiter;
    private final Server server;
    private final Published published;
    private final Journal journal;
    private final Background background;
    private final AgentClock clock;
    private final AgentRules rules;
    private final LagTracker lags;

    private Optional<Joining> joining = Optional.empty();
    private long openedTerm;
    private long slotsTerm;
    private long checkpointTerm;

    PrimaryDuties(
            AgentConfig config,
            Arbiter arbiter,
            Server server,
            Published published,
            Journal journal,
            Background background,
            AgentClock clock,
            AgentRules rules) {
        this.config = config;
        this.arbiter = arbiter;
        this.server = server;
        this.published = published;
        this.journal = journal;
        this.background = background;
        this.clock = clock;
        this.rules = rules;
        this.lags = new LagTracker(config.timings().maximumLag().multipliedBy(4));
    }

    /** The role has been given up. */
    void end() {
        joining = Optional.empty();
    }

    /**
     * Settles, while PostgreSQL leaves recovery, who else may be promoted and what commits wait for: then nothing is left to
     * do when it takes writes. What depends on standbys that stream comes later.
     */
    void prepare(ServerView view, ClusterRecord before, Lease lease) throws InterruptedException {
        joining = Optional.empty();
        ClusterRecord record = before;
        // Whatever an earlier term has on record, its own or another's, this one begins anew.
        int timeline = 0;
        for (int moves = 0; moves < MOST_MOVES; moves++) {
            Move move = rules.durability(durability(view, timeline, record));
            if (move instanceof Move.RecordSuccession toRecord) {
                record = record.with(record(toRecord, view, record, lease));
                timeline = view.timeline();
            } else if (move instanceof Move.Apply toApply) {
                server.apply(toApply.gate());
            } else {
                return;
            }
        }
    }

    /** PostgreSQL takes writes: tells so, if they can be acknowledged. */
    void tellOpen(Lease lease) {
        if (openedTerm != lease.term() && !server.gate().closed()) {
            openedTerm = lease.term();
            published.nowOpen(lease.term());
            journal.record(Milestone.OPENED, Map.of("term", Long.toString(lease.term())));
        }
    }

    /** What a primary does at every step: slots first, then durability, then readiness to be rewound from. */
    NodeAgent.Pace tend(ServerView view, ClusterRecord record, Lease lease) throws InterruptedException {
        if (slotsTerm != lease.term()) {
            server.ensureSlots(config.others());
            slotsTerm = lease.term();
            joining = Optional.empty();
            lags.clear();
        }
        NodeAgent.Pace pace = move(durability(view, view.timeline(), record), view, record, lease);
        // Where commits wait for standbys, and a standby must first be rewound, it must not wait for the commits.
        boolean mayCheckpoint =
                openedTerm == lease.term() || config.durability().waitsForStandbys();
        if (pace == NodeAgent.Pace.TICK && mayCheckpoint && checkpointTerm != lease.term()) {
            makeRewindReady(lease);
        }
        return pace;
    }

    private DurabilityPolicy.View durability(ServerView view, int timeline, ClusterRecord record) {
        long now = clock.nanos();
        Map<String, Lsn> flushed = new HashMap<>();
        view.standbys().stream()
                .filter(standby -> config.postgres().containsKey(standby.member()))
                .forEach(standby -> flushed.put(standby.member(), standby.flushed()));
        lags.sample(now, view.lsn(), flushed);
        Set<String> known = new HashSet<>(config.postgres().keySet());
        List<Standby> standbys = new ArrayList<>();
        for (String member : known) {
            Optional<ServerView.Connected> connected = view.standbys().stream()
                    .filter(standby -> standby.member().equals(member))
                    .findFirst();
            standbys.add(new Standby(
                    member,
                    connected.filter(ServerView.Connected::streaming).isPresent(),
                    connected.filter(ServerView.Connected::synchronous).isPresent(),
                    connected.map(ServerView.Connected::flushed).orElse(Lsn.INVALID),
                    lags.lag(member, now)));
        }
        return new DurabilityPolicy.View(
                config.durability(),
                config.durability().acknowledgements(config.members().size()),
                config.member(),
                timeline,
                record.succession(),
                server.gate(),
                joining,
                standbys,
                view.lsn(),
                NEARBY_BYTES,
                config.timings().maximumLag(),
                MAXIMUM_LAG_BYTES);
    }

    private NodeAgent.Pace move(DurabilityPolicy.View seen, ServerView view, ClusterRecord record, Lease lease)
            throws InterruptedException {
        Move move = rules.durability(seen);
        if (move instanceof Move.RecordSuccession toRecord) {
            if (joining.isPresent() && toRecord.promotable().size() > 1) {
                server.nudge();
            }
            // Before the arbiter is asked: if it records and the answer is lost, nobody is on the way any more.
            joining = Optional.empty();
            record(toRecord, view, record, lease);
            tellOpen(lease);
            return NodeAgent.Pace.AT_ONCE;
        }
        if (move instanceof Move.Apply toApply) {
            joining = Optional.empty();
            server.apply(toApply.gate());
            tellOpen(lease);
            return NodeAgent.Pace.AT_ONCE;
        }
        if (move instanceof Move.Join toJoin) {
            server.apply(Gate.CLOSED);
            joining = Optional.of(new Joining(toJoin.members(), Optional.empty()));
            return NodeAgent.Pace.AT_ONCE;
        }
        if (move instanceof Move.Mark toMark) {
            mark(toMark.gate(), seen);
            return NodeAgent.Pace.AT_ONCE;
        }
        return joining.isPresent() ? NodeAgent.Pace.SOON : NodeAgent.Pace.TICK;
    }

    private Succession record(Move.RecordSuccession move, ServerView view, ClusterRecord before, Lease lease)
            throws InterruptedException {
        Succession next = new Succession(move.promotable(), move.toHear(), config.member(), view.timeline());
        boolean fewer = !next.members().containsAll(before.promotable());
        if (fewer && !server.running()) {
            // Its standbys are gone because it is; what outlives the postmaster for a moment still answers. Now that
            // nobody else could be promoted any more, nobody would take over.
            throw new HaException("PostgreSQL has ended; who may take over stays on record.");
        }
        if (!arbiter.recordSuccession(lease, next)) {
            throw new HaException("Who may be promoted could not be recorded: the lease is lost.");
        }
        tellRedundancy(before.promotable(), next.members());
        return next;
    }

    private void mark(Gate gate, DurabilityPolicy.View seen) throws InterruptedException {
        try {
            Lsn mark = server.mark(gate, config.timings().call());
            joining = Optional.of(new Joining(gate.standbys(), Optional.of(mark)));
        } catch (HaException e) {
            // Clients must not wait behind a closed gate for something that did not work.
            joining = Optional.empty();
            server.apply(DurabilityPolicy.fallback(seen));
            throw e;
        }
    }

    private void tellRedundancy(Set<String> before, Set<String> after) {
        for (String member : after) {
            if (!before.contains(member) && !member.equals(config.member())) {
                journal.record(Milestone.REDUNDANT, Map.of("standby", member));
            }
        }
        if (after.equals(Set.of(config.member())) && !before.equals(after)) {
            journal.record(
                    Milestone.ALONE, Map.of("durability", config.durability().id(), "was", String.join(",", before)));
        }
    }

    private void makeRewindReady(Lease lease) throws InterruptedException {
        checkpointTerm = lease.term();
        background.startAside("checkpoint", () -> {
            server.checkpoint();
            published.nowRewindReady(lease.term());
        });
    }
}
