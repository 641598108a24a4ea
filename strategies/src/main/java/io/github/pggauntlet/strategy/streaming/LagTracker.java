package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Measures, on a primary, for how long a standby has not had what the primary's disk had. A standby that is gone lags
 * behind from its last word on. For use by one thread.
 */
final class LagTracker {

    private static final Duration FOREVER = Duration.ofDays(365);

    /** How far back samples are kept; a longer lag is as good as for ever. */
    private final Duration horizon;

    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Map<String, Lsn> flushed = new HashMap<>();

    private record Sample(long nanos, Lsn written) {}

    LagTracker(Duration horizon) {
        this.horizon = horizon;
    }

    /** Notes what the primary's disk has, and what each connected standby's disk has. */
    void sample(long nanos, Lsn written, Map<String, Lsn> standbys) {
        // A position that has not moved is known since it was first seen.
        if (samples.isEmpty() || !samples.getLast().written().equals(written)) {
            samples.addLast(new Sample(nanos, written));
        }
        flushed.putAll(standbys);
        // One sample older than the horizon is kept: it tells a lag that reaches farther back.
        while (samples.size() > 2 && nanos - secondOldest().nanos() > horizon.toNanos()) {
            samples.removeFirst();
        }
    }

    private Sample secondOldest() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    /** For how long a member has lacked something. */
    Duration lag(String member, long nanos) {
        Lsn has = flushed.get(member);
        if (has == null) {
            return FOREVER;
        }
        return samples.stream()
                .filter(sample -> sample.written().compareTo(has) > 0)
                .findFirst()
                .map(sample -> Duration.ofNanos(nanos - sample.nanos()))
                .orElse(Duration.ZERO);
    }

    /** Forgets everything: another term has begun. */
    void clear() {
        samples.clear();
        flushed.clear();
    }
}
