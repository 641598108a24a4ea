package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.decision.RejoinPlan;
import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.decision.RejoinPlanner;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.LocalData;
import io.github.pggauntlet.strategy.decision.RejoinPlanner.PrimaryData;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.Lsn;
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
 * {@link RejoinPlanner}, goes it, and is done only when the member streams on the primary's timeline.
 */
final class RejoinTask {

    private static final Logger LOG = LoggerFactory.getLogger(RejoinTask.class);
    private static final Duration STREAM_LIMIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final AgentConfig config;
    private final LocalServer server;
    private final PostgresInstance instance;
    private final Peers peers;
    private final Journal journal;
    private int failedRewinds;

    RejoinTask(AgentConfig config, LocalServer server, PostgresInstance instance, Peers peers, Journal journal) {
        this.config = config;
        this.server = server;
        this.instance = instance;
        this.peers = peers;
        this.journal = journal;
    }

    /**
     * Tries once.
     *
     * @return the way that was gone, or {@link Way#WAIT} or {@link Way#QUARANTINE} if none was
     */
    Way run(String primary) throws InterruptedException {
        NodeStatus status = peers.ask(List.of(primary)).get(0);
        // It need not be open: where commits wait for standbys, it may be waiting for this one.
        if (status.role() != NodeRole.PRIMARY) {
            LOG.info("{} is not a primary yet: {} {}", primary, status.role(), status.note());
            return Way.WAIT;
        }
        Server.Identity identity = server.identityOf(primary);
        TimelineHistory history = identity.history();
        RejoinPlan plan = RejoinPlanner.plan(
                look(history), new PrimaryData(identity.systemIdentifier(), history, status.rewindReady()));
        if (plan.way() == Way.WAIT) {
            LOG.info("Rejoin waits: {}", plan.reason());
            return Way.WAIT;
        }
        PostgresInstance.Marks before = instance.marks();
        journal.record(
                Milestone.REJOIN_PLANNED, Map.of("way", plan.way().id(), "reason", plan.reason(), "primary", primary));
        if (plan.way() == Way.QUARANTINE) {
            journal.record(Milestone.QUARANTINED, Map.of("reason", plan.reason()));
            return Way.QUARANTINE;
        }
        Map<String, String> evidence = new HashMap<>();
        evidence.put("way", plan.way().id());
        evidence.put("primary", primary);
        go(plan.way(), primary).ifPresent(said -> evidence.put("said", said));
        server.startStandby(Optional.of(primary));
        int timeline = awaitStreaming(history.timeline());
        instance.confirmWhole();
        failedRewinds = 0;
        evidence.put("evidence", PostgresInstance.Marks.evidence(before, instance.marks()));
        evidence.put("timeline", Integer.toString(timeline));
        journal.record(Milestone.REJOINED, evidence);
        return plan.way();
    }

    private Optional<LocalData> look(TimelineHistory theirs) throws InterruptedException {
        if (!instance.exists()) {
            return Optional.empty();
        }
        ControlData control = instance.control();
        TimelineHistory ours = instance.history(instance.farthestTimeline(control));
        boolean olderStandby = control.state().standby() && ours.timeline() != theirs.timeline();
        Optional<Lsn> endOfWal = olderStandby ? instance.endOfWal(control, ours) : Optional.empty();
        return Optional.of(new LocalData(
                control,
                ours,
                instance.endOfShutdownCheckpoint(control),
                endOfWal,
                instance.rewindInterrupted(),
                failedRewinds));
    }

    /** Makes the data directory fit to follow. */
    private Optional<String> go(Way way, String primary) throws InterruptedException {
        server.configure();
        switch (way) {
            case REWIND -> {
                try {
                    return Optional.of(instance.rewind(server.rewindConnectionTo(primary)));
                } catch (HostException e) {
                    failedRewinds++;
                    throw e;
                }
            }
            case COPY -> instance.copy(server.connectionTo(primary), AgentConfig.slot(config.member()));
            case FOLLOW, RECOVER, WAIT, QUARANTINE -> {
                // What is here is as it should be.
            }
        }
        return Optional.empty();
    }

    private int awaitStreaming(int timeline) throws InterruptedException {
        long deadline = System.nanoTime() + STREAM_LIMIT.toNanos();
        while (true) {
            ServerView view = server.observe();
            if (view.streaming() && view.timeline() == timeline) {
                return timeline;
            }
            if (!view.running()) {
                throw new HaException("PostgreSQL ended on its way to streaming; its log says why.");
            }
            if (System.nanoTime() > deadline) {
                throw new HaException(
                        "Waited " + STREAM_LIMIT.toSeconds() + " s in vain for PostgreSQL to stream on timeline "
                                + timeline + "; it was " + view.state() + " on timeline " + view.timeline()
                                + (view.streaming() ? ", streaming." : ", not streaming."));
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
        }
    }
}
