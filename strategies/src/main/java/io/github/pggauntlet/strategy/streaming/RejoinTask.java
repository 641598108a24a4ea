package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.decision.RejoinPlan;
import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.decision.RejoinPlanner;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Copied;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Damaged;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Local;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.LocalData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Nothing;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.PrimaryData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.Trials;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.PostgresInstance;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a member whose PostgreSQL is down back to following the primary: looks, has the way chosen by
 * {@link RejoinPlanner}, goes it, and is done only when the member streams on the primary's timeline. What fails is tried
 * again after a pause that grows; what has failed has a part in the next choice, so that in the end everything is copied
 * anew. For use by one thread at a time.
 */
final class RejoinTask {

    private static final String NOTHING_TO_REWIND = "no rewind required";
    private static final Logger LOG = LoggerFactory.getLogger(RejoinTask.class);

    /** How long a standby that takes connections may take to stream. */
    private static final Duration STREAM_LIMIT = Duration.ofSeconds(60);

    /** How long recovery may take until the standby takes connections. It has all of the WAL since a checkpoint to go through. */
    private static final Duration RECOVERY_LIMIT = Duration.ofHours(2);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int MOST_DOUBLINGS = 7;

    private final AgentConfig config;
    private final LocalServer server;
    private final PostgresInstance instance;
    private final Neighbours neighbours;
    private final Ends ends;
    private final Peers peers;
    private final Journal journal;
    private final AgentRules rules;
    private int failedRewinds;
    private int silences;
    private int failures;
    /** Why the data here were last found to be another cluster's, until they are not. */
    private Optional<String> quarantined = Optional.empty();

    private long pauseUntil;

    /** The timeline that the data were copied on, until they have been seen to stream. */
    private Optional<Integer> copied = Optional.empty();

    RejoinTask(
            AgentConfig config,
            LocalServer server,
            PostgresInstance instance,
            Ends ends,
            Peers peers,
            Journal journal) {
        this(config, server, instance, ends, peers, journal, AgentRules.SOUND);
    }

    RejoinTask(
            AgentConfig config,
            LocalServer server,
            PostgresInstance instance,
            Ends ends,
            Peers peers,
            Journal journal,
            AgentRules rules) {
        this.config = config;
        this.server = server;
        this.instance = instance;
        this.neighbours = new Neighbours(config, config.layout());
        this.ends = ends;
        this.peers = peers;
        this.journal = journal;
        this.rules = rules;
    }

    /**
     * Tries once.
     *
     * @return the way that was gone, or {@link Way#WAIT} or {@link Way#QUARANTINE} if none was
     */
    Way run(String primary) throws InterruptedException {
        if (failures > 0 && System.nanoTime() - pauseUntil < 0) {
            return quarantined.isPresent() ? Way.QUARANTINE : Way.WAIT;
        }
        try {
            Way way = tryOnce(primary);
            // Nothing here will change by itself: a look now and then is enough.
            if (way == Way.QUARANTINE) {
                backOff();
            } else {
                failures = 0;
            }
            return way;
        } catch (HaException | HostException e) {
            backOff();
            throw e;
        }
    }

    /** The first pause is the shortest, whatever it is for. */
    private void backOff() {
        pauseUntil = System.nanoTime() + FIRST_PAUSE.toNanos() * (1L << Math.min(failures, MOST_DOUBLINGS));
        failures++;
    }

    private Way tryOnce(String primary) throws InterruptedException {
        NodeStatus status = peers.ask(List.of(primary)).get(0);
        if (!primary(status)) {
            LOG.info("{} is not a primary yet: {} {}", primary, status.role(), status.note());
            return Way.WAIT;
        }
        try (PrimaryConnection connection = neighbours.connectTo(primary)) {
            Server.Identity identity = connection.identity();
            PrimaryData there = new PrimaryData(
                    identity.systemIdentifier(), identity.history(), status.rewindReady(), identity.oldestWal());
            RejoinPlan plan = rules.rejoin(look(there), there);
            if (plan.way() == Way.WAIT) {
                LOG.info("Rejoin waits: {}", plan.reason());
                return Way.WAIT;
            }
            if (plan.way() == Way.QUARANTINE) {
                quarantine(plan, primary);
                return Way.QUARANTINE;
            }
            quarantined = Optional.empty();
            PostgresInstance.Marks before = instance.marks();
            journal.record(
                    Milestone.REJOIN_PLANNED,
                    Map.of("way", plan.way().id(), "reason", plan.reason(), "primary", primary));
            Map<String, String> evidence = new HashMap<>();
            evidence.put("way", plan.way().id());
            evidence.put("primary", primary);
            connection.claim(AgentConfig.slot(config.member())).ifPresent(said -> evidence.put("slot", said));
            go(plan, primary, connection, there.history().timeline(), before.clean(), evidence);
            server.startRejoined(primary);
            int timeline = awaitStreaming(primary, there.history().timeline());
            confirm();
            evidence.put("evidence", PostgresInstance.Marks.evidence(before, instance.marks()));
            evidence.put("timeline", Integer.toString(timeline));
            journal.record(Milestone.REJOINED, evidence);
            return plan.way();
        }
    }

    /** Said once for one reason, however often it is looked at again. */
    private void quarantine(RejoinPlan plan, String primary) {
        if (quarantined.equals(Optional.of(plan.reason()))) {
            return;
        }
        journal.record(
                Milestone.REJOIN_PLANNED, Map.of("way", plan.way().id(), "reason", plan.reason(), "primary", primary));
        journal.record(Milestone.QUARANTINED, Map.of("reason", plan.reason()));
        quarantined = Optional.of(plan.reason());
    }

    /** It need not be open: where commits wait for standbys, it may be waiting for this one. */
    private static boolean primary(NodeStatus status) {
        return status.role() == NodeRole.PRIMARY;
    }

    private void confirm() throws InterruptedException {
        instance.confirmWhole();
        failedRewinds = 0;
        silences = 0;
        copied = Optional.empty();
    }

    private Local look(PrimaryData there) throws InterruptedException {
        if (!instance.exists()) {
            return new Nothing();
        }
        Optional<String> damage = instance.damage();
        if (damage.isPresent()) {
            return new Damaged(damage.get());
        }
        // A label is there, too, when pg_rewind has been cut short; that is another story.
        if (!instance.rewindInterrupted() && instance.neverStarted()) {
            return copied.filter(timeline -> timeline == there.history().timeline())
                            .isPresent()
                    ? new Copied()
                    : new Damaged("it is a copy that has never been started");
        }
        ControlData control = instance.control();
        if (!control.systemIdentifier().equals(there.systemIdentifier()) && instance.unrecorded()) {
            return new Damaged("it was initialised here, and another member's data became the cluster's");
        }
        Optional<TimelineHistory> ours = history(control);
        if (ours.isEmpty()) {
            return new Damaged("the history of its timeline is missing or cannot be read");
        }
        boolean olderStandby = control.state().standby()
                && ours.get().timeline() != there.history().timeline();
        LocalData known = new LocalData(
                control,
                ours.get(),
                instance.endOfShutdownCheckpoint(control),
                Optional.empty(),
                instance.rewindInterrupted(),
                trials());
        boolean mayLackWal = there.oldestWal()
                .filter(oldest -> RejoinPlanner.reached(known).compareTo(oldest) < 0)
                .isPresent();
        if (!olderStandby && !mayLackWal) {
            return known;
        }
        return new LocalData(
                control,
                ours.get(),
                known.endOfShutdownCheckpoint(),
                instance.endOfWal(control, ours.get()),
                known.rewindInterrupted(),
                known.trials());
    }

    private Optional<TimelineHistory> history(ControlData control) throws InterruptedException {
        try {
            return Optional.of(instance.history(instance.farthestTimeline(control)));
        } catch (HostException | IllegalArgumentException e) {
            LOG.warn("The history of the timeline cannot be read: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Against a copy that has not been seen to work yet nothing speaks: what ails it would ail the next one. */
    private Trials trials() {
        return copied.isPresent() ? Trials.NONE : new Trials(failedRewinds, ends.count(), silences);
    }

    /** Makes the data directory fit to follow. */
    private void go(
            RejoinPlan plan,
            String primary,
            PrimaryConnection connection,
            int timeline,
            boolean clean,
            Map<String, String> evidence)
            throws InterruptedException {
        server.configure();
        switch (plan.way()) {
            case REWIND -> {
                try {
                    String said = instance.rewind(neighbours.rewind(primary));
                    evidence.put("said", said);
                    if (said.endsWith(NOTHING_TO_REWIND)) {
                        // What is claimed is what was done.
                        evidence.put("way", (clean ? Way.FOLLOW : Way.RECOVER).id());
                    }
                } catch (HostException e) {
                    failedRewinds++;
                    throw e;
                }
            }
            case COPY -> {
                List<String> dropped = instance.copy(
                        neighbours.copy(primary), AgentConfig.slot(config.member()), connection.size(), plan.reason());
                if (!dropped.isEmpty()) {
                    evidence.put("dropped", String.join(", ", dropped));
                }
                ends.forget();
                copied = Optional.of(timeline);
            }
            case FOLLOW, RECOVER, WAIT, QUARANTINE -> {
                // What is here is as it should be.
            }
        }
    }

    /**
     * Whether the standby follows the primary. The primary may have been promoted once more since its timeline was asked for,
     * and its standby goes with it ({@code recovery_target_timeline = latest}). That a later timeline is the primary's own is
     * PostgreSQL's doing: a WAL receiver gives up when the primary's highest timeline is behind the one being recovered.
     */
    static boolean arrived(ServerView view, int timeline) {
        return view.streaming() && view.timeline() >= timeline;
    }

    private int awaitStreaming(String primary, int timeline) throws InterruptedException {
        long begin = System.nanoTime();
        long up = begin;
        while (true) {
            ServerView view = server.observe();
            long now = System.nanoTime();
            if (arrived(view, timeline)) {
                return view.timeline();
            }
            if (!view.running()) {
                throw new HaException("PostgreSQL ended on its way to streaming; its log says why.");
            }
            if (view.state() != Postgres.STANDBY) {
                up = now;
            }
            if (now - up > STREAM_LIMIT.toNanos() || now - begin > RECOVERY_LIMIT.toNanos()) {
                if (primary(peers.ask(List.of(primary)).get(0))) {
                    silences++;
                }
                throw new HaException("Waited " + (now - begin) / 1_000_000_000
                        + " s in vain for PostgreSQL to stream on timeline "
                        + timeline + " or a later one; it was " + view.state() + " on timeline " + view.timeline()
                        + (view.streaming() ? ", streaming." : ", not streaming."));
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        }
    }
}
