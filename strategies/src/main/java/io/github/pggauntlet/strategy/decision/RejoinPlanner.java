package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.util.Optional;

/**
 * Chooses how a member whose PostgreSQL is down gets back to following the primary.
 *
 * <p>Invariant: a plan to {@linkplain Way#FOLLOW follow} or {@linkplain Way#RECOVER recover} is made only when all that
 * the data directory holds is a prefix of the primary's history. A directory that pg_rewind left half done is never
 * started.
 */
public final class RejoinPlanner {

    /** How often pg_rewind may fail before everything is copied anew. */
    private static final int REWINDS = 1;

    private RejoinPlanner() {}

    /**
     * What a member knows of its own data directory.
     *
     * @param control its control data
     * @param history the ancestry of the farthest timeline that it has anything of
     * @param endOfShutdownCheckpoint where the shutdown checkpoint's record ends, if PostgreSQL was a primary and was shut
     *     down in good order
     * @param endOfWal the farthest position of its WAL on that timeline, if it was looked for and found
     * @param rewindInterrupted whether a pg_rewind was begun and not finished
     * @param failedRewinds how often pg_rewind has failed since this member was last in good order
     */
    public record LocalData(
            ControlData control,
            TimelineHistory history,
            Optional<Lsn> endOfShutdownCheckpoint,
            Optional<Lsn> endOfWal,
            boolean rewindInterrupted,
            int failedRewinds) {}

    /**
     * What is known of the primary.
     *
     * @param systemIdentifier the identity of its data
     * @param history the ancestry of its timeline
     * @param rewindReady whether it has made a checkpoint on its timeline, without which pg_rewind would take it for a
     *     server on its former timeline (before PostgreSQL 16) and leave a directory that cannot start
     */
    public record PrimaryData(String systemIdentifier, TimelineHistory history, boolean rewindReady) {}

    /**
     * Chooses the way.
     *
     * @param local what is here; empty if there is no data directory
     * @param primary what is there
     */
    public static RejoinPlan plan(Optional<LocalData> local, PrimaryData primary) {
        if (local.isEmpty()) {
            return new RejoinPlan(Way.COPY, "there is no data directory");
        }
        LocalData here = local.get();
        ControlData control = here.control();
        if (!control.systemIdentifier().equals(primary.systemIdentifier())) {
            return new RejoinPlan(
                    Way.QUARANTINE,
                    "the data here belong to another cluster: system identifier " + control.systemIdentifier()
                            + " here, " + primary.systemIdentifier() + " there");
        }
        if (here.rewindInterrupted()) {
            return new RejoinPlan(Way.COPY, "an earlier pg_rewind was interrupted and left the directory half done");
        }
        return byLineage(here, primary);
    }

    private static RejoinPlan byLineage(LocalData here, PrimaryData primary) {
        TimelineHistory theirs = primary.history();
        int timeline = here.history().timeline();
        boolean wasStandby = here.control().state().standby();
        if (!theirs.continuesFrom(here.history())) {
            String why = "timeline " + timeline + " here is not the one that the primary's timeline "
                    + theirs.timeline() + " descends from";
            // pg_rewind compares the numbers alone and would find nothing to do between two timelines of one number.
            return timeline == theirs.timeline() ? new RejoinPlan(Way.COPY, why) : rewind(here, primary, why);
        }
        Optional<Lsn> left = theirs.leftAt(timeline);
        if (left.isEmpty()) {
            return wasStandby
                    ? follow(here, "it was a standby on the primary's timeline " + timeline)
                    : new RejoinPlan(
                            Way.COPY,
                            "it was itself a primary on the timeline " + timeline + " that another is primary on now");
        }
        return wasStandby ? formerStandby(here, primary, left.get()) : formerPrimary(here, primary, left.get());
    }

    private static RejoinPlan formerStandby(LocalData here, PrimaryData primary, Lsn left) {
        String fork = "the primary left timeline " + here.history().timeline() + " at " + left;
        if (here.endOfWal().isEmpty()) {
            return rewind(here, primary, "it was a standby and how far it has come is not known; " + fork);
        }
        Lsn farthest = Lsn.max(
                Lsn.max(here.control().minimumRecoveryEnd(), here.control().checkpoint()),
                here.endOfWal().get());
        return farthest.compareTo(left) <= 0
                ? follow(here, "it was a standby and has come to " + farthest + "; " + fork)
                : rewind(here, primary, "it was a standby and has gone to " + farthest + ", but " + fork);
    }

    private static RejoinPlan formerPrimary(LocalData here, PrimaryData primary, Lsn left) {
        String fork = "the new primary left timeline " + here.history().timeline() + " at " + left;
        if (!here.control().state().clean() || here.endOfShutdownCheckpoint().isEmpty()) {
            return rewind(
                    here,
                    primary,
                    "it was a primary and was left '" + here.control().state() + "'; " + fork);
        }
        Lsn end = here.endOfShutdownCheckpoint().get();
        int order = end.compareTo(left);
        if (order == 0) {
            return follow(
                    here,
                    "it was a primary, was shut down in good order, and everything it wrote up to " + end
                            + " is in the new primary");
        }
        return order > 0
                ? rewind(here, primary, "it was a primary and wrote up to " + end + ", but " + fork)
                : new RejoinPlan(
                        Way.COPY,
                        "it was a primary and wrote only up to " + end + ", but " + fork
                                + ": somebody else wrote the rest");
    }

    private static RejoinPlan follow(LocalData here, String why) {
        return new RejoinPlan(here.control().state().clean() ? Way.FOLLOW : Way.RECOVER, why);
    }

    private static RejoinPlan rewind(LocalData here, PrimaryData primary, String why) {
        if (!here.control().rewindable()) {
            return new RejoinPlan(Way.COPY, why + "; pg_rewind needs wal_log_hints or data checksums");
        }
        if (here.failedRewinds() >= REWINDS) {
            return new RejoinPlan(Way.COPY, why + "; pg_rewind has failed");
        }
        if (!primary.rewindReady()) {
            return new RejoinPlan(Way.WAIT, why + "; the new primary has made no checkpoint on its timeline yet");
        }
        return new RejoinPlan(Way.REWIND, why);
    }
}
