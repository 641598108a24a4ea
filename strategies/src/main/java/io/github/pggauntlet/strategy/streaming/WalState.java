package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a member's PostgreSQL tells about its WAL and itself beyond its {@linkplain ServerView role}.
 *
 * @param received how far a standby has received WAL; empty on a primary
 * @param replayed how far a standby has replayed it; empty on a primary
 * @param sent how far the primary's WAL reached when it last sent something or a sign of life; empty on a primary, and on a
 *     standby that does not receive. While the primary is silent it grows old, until {@code wal_receiver_timeout} ends that.
 * @param version the server's version as a number, for example 170006
 * @param startedAt when the postmaster was started
 * @param pendingRestart whether a setting waits for a restart
 */
record WalState(
        Optional<Lsn> received,
        Optional<Lsn> replayed,
        Optional<Lsn> sent,
        int version,
        Instant startedAt,
        boolean pendingRestart) {

    /**
     * How many bytes of the primary's WAL have not been replayed here.
     *
     * @param primary how far the primary's WAL reaches by its own account; empty if it did not answer
     */
    OptionalLong unapplied(Optional<Lsn> primary) {
        return behind(primary, replayed);
    }

    /**
     * How many bytes of the primary's WAL have not been received here.
     *
     * @param primary how far the primary's WAL reaches by its own account; empty if it did not answer
     */
    OptionalLong unwritten(Optional<Lsn> primary) {
        return behind(primary, received);
    }

    private OptionalLong behind(Optional<Lsn> primary, Optional<Lsn> have) {
        Lsn end = Lsn.max(primary.orElse(Lsn.INVALID), sent.orElse(Lsn.INVALID));
        if (!end.isValid() || have.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(0, end.minus(have.get())));
    }
}
