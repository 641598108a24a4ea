package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.decision.FailoverRules.Postgres;
import io.github.pggauntlet.strategy.postgres.Lsn;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a member's PostgreSQL is doing at one moment.
 *
 * @param state in one word
 * @param postmaster the postmaster's process id, while it runs
 * @param timeline the timeline it is on; 0 if it takes no connections
 * @param lsn what a primary's disk has, or the greater of what a standby has received and replayed
 * @param streaming whether a standby receives WAL
 * @param standbys the standbys that are connected to a primary
 */
record ServerView(
        Postgres state, OptionalLong postmaster, int timeline, Lsn lsn, boolean streaming, List<Connected> standbys) {

    ServerView {
        standbys = List.copyOf(standbys);
    }

    /**
     * A standby connected to a primary.
     *
     * @param member its name
     * @param streaming whether it has caught up with what was there when it connected
     * @param synchronous whether it is the synchronous one
     * @param flushed how far its disk has the WAL
     */
    record Connected(String member, boolean streaming, boolean synchronous, Lsn flushed) {}

    static ServerView without(Postgres state, OptionalLong postmaster) {
        return new ServerView(state, postmaster, 0, Lsn.INVALID, false, List.of());
    }

    boolean running() {
        return postmaster.isPresent();
    }
}
