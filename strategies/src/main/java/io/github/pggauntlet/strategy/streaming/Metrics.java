package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.Milestone;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What monitoring wants to know of a member, in Prometheus' text format (Prometheus documentation, "Exposition formats"). A
 * value that is not known is left out rather than called zero. Counters count from the agent's start.
 */
final class Metrics {

    private static final List<Way> WAYS = List.of(Way.FOLLOW, Way.RECOVER, Way.REWIND, Way.COPY);

    private final StringBuilder text = new StringBuilder();
    private final String labels;

    private Metrics(String cluster, String member) {
        // Names of clusters and members need no escaping: they are letters, digits and minus.
        this.labels = "cluster=\"" + cluster + "\",member=\"" + member + "\"";
    }

    /**
     * All of them.
     *
     * @param cluster the cluster's name
     * @param status what the member is
     * @param wal what its PostgreSQL tells, if it does
     * @param self asked for the lease and the agent's times
     * @param synchronous whether commits wait for it
     * @param journal what it has done since its agent started
     */
    static String text(
            String cluster,
            NodeStatus status,
            Optional<WalState> wal,
            SelfReport self,
            boolean synchronous,
            CountedJournal journal) {
        Metrics metrics = new Metrics(cluster, status.member());
        metrics.agent(self);
        metrics.member(status, self.leaseLeft(), synchronous);
        metrics.postgres(status, wal);
        metrics.counts(journal);
        return metrics.text.toString();
    }

    private void agent(SelfReport self) {
        gauge("agent_uptime_seconds", "How long the agent has been running.", seconds(self.uptime()));
        gauge(
                "agent_seconds_since_step",
                "How long ago the agent's latest step ended; it grows when the agent hangs.",
                seconds(self.sinceStep()));
    }

    private void member(NodeStatus status, Duration leaseLeft, boolean synchronous) {
        head("role", "1 for the role that the member has, 0 for every other.", "gauge");
        for (NodeRole role : NodeRole.values()) {
            if (role != NodeRole.UNREACHABLE) {
                String name = role.name().toLowerCase(Locale.ROOT);
                sample("role", ",role=\"" + name + "\"", flag(status.role() == role));
            }
        }
        gauge("open", "1 if it is primary and lets writes be acknowledged.", flag(status.open()));
        gauge("lease_held", "1 if it holds the right to be primary.", flag(!leaseLeft.isZero()));
        gauge("lease_seconds_left", "When the lease ends if it is not renewed; 0 if none is held.", seconds(leaseLeft));
        gauge(
                "promotable",
                "1 if it may be promoted when the primary is lost.",
                flag(status.promotable().contains(status.member())));
        gauge(
                "promotable_members",
                "How many members may be primary; 1 means that there is no redundancy.",
                Integer.toString(status.promotable().size()));
        gauge("synchronous", "1 if it is a standby that commits wait for.", flag(synchronous));
        gauge("rewind_ready", "1 if it is primary and others may rewind from it.", flag(status.rewindReady()));
    }

    private void postgres(NodeStatus status, Optional<WalState> wal) {
        gauge(
                "postgres_running",
                "1 if PostgreSQL runs and answers.",
                flag(status.timeline().isPresent()));
        gauge("streaming", "1 if it is a standby that receives WAL.", flag(status.streaming()));
        status.timeline()
                .ifPresent(timeline -> gauge("timeline", "PostgreSQL's timeline.", Integer.toString(timeline)));
        status.lsn()
                .ifPresent(lsn -> gauge(
                        "wal_position_bytes",
                        "WAL that a primary has flushed, or that a standby has received or replayed.",
                        position(lsn)));
        if (wal.isEmpty()) {
            return;
        }
        WalState state = wal.get();
        state.replayed()
                .ifPresent(
                        lsn -> gauge("wal_replayed_position_bytes", "WAL that a standby has replayed.", position(lsn)));
        OptionalLong lag = state.unapplied(Optional.empty());
        lag.ifPresent(bytes -> gauge(
                "replication_lag_bytes",
                "WAL that a standby has not replayed, of what the primary has told it of.",
                Long.toString(bytes)));
        gauge("postgres_version", "PostgreSQL's server_version_num.", Integer.toString(state.version()));
        gauge(
                "postgres_start_time_seconds",
                "When the postmaster was started, in seconds since 1970.",
                seconds(Duration.ofMillis(state.startedAt().toEpochMilli())));
        gauge("pending_restart", "1 if a setting waits for a restart of PostgreSQL.", flag(state.pendingRestart()));
    }

    private void counts(CountedJournal journal) {
        counter("promotions_total", "Times it was promoted.", journal.count(Milestone.PROMOTED));
        counter("demotions_total", "Times it gave up the primary's role.", journal.count(Milestone.DEMOTED));
        counter("fences_total", "Times its PostgreSQL was fenced.", journal.count(Milestone.FENCED));
        counter(
                "postgres_failures_total",
                "Times its PostgreSQL ended without having been told to.",
                journal.count(Milestone.FAILURE_DETECTED));
        counter("alone_total", "Times it went on as primary without a standby.", journal.count(Milestone.ALONE));
        counter("failed_steps_total", "Steps that failed and were tried again.", journal.count(Milestone.STEP_FAILED));
        counter(
                "quarantines_total",
                "Times it took itself out and called for an operator.",
                journal.count(Milestone.QUARANTINED));
        Map<String, Long> rejoins = journal.rejoins();
        head("rejoins_total", "Times it came back to following a primary, by the way it took.", "counter");
        for (Way way : WAYS) {
            sample("rejoins_total", ",way=\"" + way.id() + "\"", Long.toString(rejoins.getOrDefault(way.id(), 0L)));
        }
    }

    private void gauge(String name, String help, String value) {
        head(name, help, "gauge");
        sample(name, "", value);
    }

    private void counter(String name, String help, long value) {
        head(name, help, "counter");
        sample(name, "", Long.toString(value));
    }

    private void head(String name, String help, String type) {
        text.append("# HELP gauntlet_").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE gauntlet_").append(name).append(' ').append(type).append('\n');
    }

    private void sample(String name, String more, String value) {
        text.append("gauntlet_").append(name).append('{').append(labels).append(more);
        text.append("} ").append(value).append('\n');
    }

    private static String flag(boolean is) {
        return is ? "1" : "0";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
    }

    private static String position(Lsn lsn) {
        return Long.toUnsignedString(lsn.value());
    }
}
