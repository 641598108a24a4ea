package io.github.pggauntlet.strategy.decision;

import io.github.pggauntlet.strategy.decision.RejoinPlan.Way;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.Lsn;
import io.github.pggauntlet.strategy.postgres.TimelineHistory;
import java.util.Optional;

/**
 * Chooses how a member whose PostgreSQL is down gets back to following the primary.
 *
 * <p>Invariants: a plan to {@linkplain Way#FOLLOW follow} or {@linkplain Way#RECOVER recover} is made only when all that
 * the data directory holds is a prefix of the primary's history, and the primary still has the WAL that comes next, as far
 * as that is known. A directory that is damaged, that pg_rewind left half done, or that PostgreSQL has refused again and
 * again is never started.
 */
public final class RejoinPlanner {

    /** How often pg_rewind may fail before everything is copied anew. */
    private static final int REWINDS = 1;

    /** How often PostgreSQL may end by itself as a standby, within a time, before everything is copied anew. */
    public static final int ENDS = 4;

    /** How often a standby may come up and not stream before everything is copied anew. */
    private static final int SILENCES = 2;

    private RejoinPlanner() {}

    /** What there is on a member. */
    public sealed interface Local {}

    /** There is no data directory, or an empty one. */
    public record Nothing() implements Local {}

    /**
     * There is a data directory that cannot be used.
     *
     * @param how what is wrong with it
     */
    public record Damaged(String how) implements Local {}

    /** There is a copy of the primary's data, of its present timeline, that has not been started yet. */
    public record Copied() implements Local {}

    /**
     * What a member knows of its own data directory.
     *
     * @param control its control data
     * @param history the ancestry of the farthest timeline that it has anything of
     * @param endOfShutdownCheckpoint where the shutdown checkpoint's record ends, if PostgreSQL was a primary and was shut
     *     down in good order
     * @param endOfWal the farthest position of its WAL on that timeline, if it was looked for and found
     * @param rewindInterrupted whether a pg_rewind was begun and not finished
     * @param trials what has been tried with it
     */
    public record LocalData(
            ControlData control,
            TimelineHistory history,
            Optional<Lsn> endOfShutdownCheckpoint,
            Optional<Lsn> endOfWal,
            boolean rewindInterrupted,
            Trials trials)
            implements Local {}

    /**
     * What has been tried, since this member was last in good order, or lately.
     *
     * @param failedRewinds how often pg_rewind has failed
     * @param ends how often PostgreSQL, as a standby, has lately ended by itself: not by a signal, and not because it was
     *     told to
     * @param silences how often it came up as a standby and did not stream in time
     */
    public record Trials(int failedRewinds, int ends, int silences) {
        public static final Trials NONE = new Trials(0, 0, 0);
    }

    /**
     * What is known of the primary.
     *
     * @param systemIdentifier the identity of its data
     * @param history the ancestry of its timeline
     * @param rewindReady whether it has made a checkpoint on its timeline, without which pg_rewind would take it for a
     *     server on its former timeline (before PostgreSQL 16) and leave a directory that cannot start
     * @param oldestWal where the oldest WAL begins that it still has, if that is known
     */
    public record PrimaryData(
            String systemIdentifier, TimelineHistory history, boolean rewindReady, Optional<Lsn> oldestWal) {}

    /**
     * Chooses the way.
     *
     * @param local what is here
     * @param primary what is there
     */
    public static RejoinPlan plan(Local local, PrimaryData primary) {
        if (local instanceof Nothing) {
            return new RejoinPlan(Way.COPY, "there is no data directory");
        }
        if (local instanceof Damaged damaged) {
            return new RejoinPlan(Way.COPY, "the data directory is damaged: " + damaged.how());
        }
        if (local instanceof Copied) {
            return new RejoinPlan(Way.FOLLOW, "it has just been copied from the primary");
        }
        LocalData here = (LocalData) local;
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
        if (here.trials().ends() >= ENDS) {
            return new RejoinPlan(
                    Way.COPY,
                    "PostgreSQL has ended by itself " + here.trials().ends() + " times on this directory, which its log"
                            + " explains");
        }
        if (here.trials().silences() >= SILENCES) {
            return new RejoinPlan(
                    Way.COPY,
                    "PostgreSQL has come up as a standby " + here.trials().silences() + " times and has not streamed");
        }
        RejoinPlan plan = byLineage(here, primary);
        return switch (plan.way()) {
            case FOLLOW, RECOVER -> ifWalIsThere(plan, here, primary);
            default -> plan;
        };
    }

    private static RejoinPlan ifWalIsThere(RejoinPlan plan, LocalData here, PrimaryData primary) {
        Lsn reached = reached(here);
        return primary.oldestWal()
                        .filter(oldest -> reached.compareTo(oldest) < 0)
                        .isPresent()
                ? new RejoinPlan(
                        Way.COPY,
                        plan.reason() + "; but the primary has no WAL before "
                                + primary.oldestWal().get() + " any more, and here it ends at " + reached)
                : plan;
    }

    /** How far the data here are known to go, without a look at the end of their WAL unless that was taken. */
    public static Lsn reached(LocalData here) {
        Lsn known = Lsn.max(here.control().minimumRecoveryEnd(), here.control().checkpoint());
        return Lsn.max(
                known,
                Lsn.max(
                        here.endOfWal().orElse(Lsn.INVALID),
                        here.endOfShutdownCheckpoint().orElse(Lsn.INVALID)));
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
        Lsn farthest = reached(here);
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
        Optional<String> hindrance = here.control().hindranceToRewind();
        if (hindrance.isPresent()) {
            return new RejoinPlan(Way.COPY, why + "; " + hindrance.get());
        }
        if (here.trials().failedRewinds() >= REWINDS) {
            return new RejoinPlan(Way.COPY, why + "; pg_rewind has failed");
        }
        if (!primary.rewindReady()) {
            return new RejoinPlan(Way.WAIT, why + "; the new primary has made no checkpoint on its timeline yet");
        }
        return new RejoinPlan(Way.REWIND, why);
    }
}
