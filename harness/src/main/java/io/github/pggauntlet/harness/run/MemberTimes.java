package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The times that members give, by the run's clock. A member's clock may be wrong, and is where a fault has set it; checkers
 * compare what several members did, and must not take an entry of this minute for one of an hour ago.
 *
 * <p>A time that can be right is left as it is. One that cannot, because it lies before the member's last answer but one or after now,
 * is put right by how far the member's clock was off at its last answer, or else set to when it was had. For use by one thread.
 */
final class MemberTimes {

    /** Less than any clock is set wrong by a fault, and more than an answer takes. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private final TimeAnchor anchor;
    private final Map<String, Long> answered = new HashMap<>();
    private final Map<String, Long> answeredBefore = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();

    MemberTimes(TimeAnchor anchor) {
        this.anchor = anchor;
    }

    /**
     * A status with the time it has by the run's clock.
     *
     * @param now when it was had, in nanoseconds of the run
     */
    NodeStatus right(NodeStatus status, long now) {
        if (status.role() == NodeRole.UNREACHABLE) {
            return status;
        }
        long offset = anchor.nanos(status.at()) - now;
        answeredBefore.put(status.member(), answered.getOrDefault(status.member(), 0L));
        answered.put(status.member(), now);
        offsets.put(status.member(), offset);
        return Math.abs(offset) <= TOLERANCE.toNanos() ? status : at(anchor.instant(now), status);
    }

    /**
     * An entry with the time it has by the run's clock.
     *
     * @param now when it was had, in nanoseconds of the run
     */
    JournalEntry right(JournalEntry entry, long now) {
        long from = answeredBefore.getOrDefault(entry.member(), 0L);
        long said = anchor.nanos(entry.at());
        if (possible(said, from, now)) {
            return entry;
        }
        long shifted = said - offsets.getOrDefault(entry.member(), 0L);
        long right = possible(shifted, from, now) ? shifted : now;
        return new JournalEntry(
                entry.sequence(), anchor.instant(right), entry.member(), entry.milestone(), entry.details());
    }

    private static boolean possible(long time, long from, long until) {
        return time >= from - TOLERANCE.toNanos() && time <= until + TOLERANCE.toNanos();
    }

    private static NodeStatus at(Instant time, NodeStatus status) {
        return new NodeStatus(
                status.member(),
                time,
                status.role(),
                status.open(),
                status.timeline(),
                status.lsn(),
                status.streaming(),
                status.postmasterPid(),
                status.promotable(),
                status.rewindReady(),
                status.note());
    }
}
