package io.github.pggauntlet.harness.check;

import io.github.pggauntlet.strategy.FaultClass;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How long no write was acknowledged because the primary changed, and where that time went. Times are nanoseconds.
 *
 * @param fault the name of the fault that caused it; empty if none is known
 * @param faultClass that fault's class
 * @param fromNode the primary before
 * @param fromTimeline its timeline
 * @param toNode the primary after
 * @param toTimeline its timeline
 * @param lastAcknowledged when the last write on the old timeline was acknowledged, since the run's start
 * @param firstAcknowledged when the first write on the new timeline was acknowledged, since the run's start
 * @param parts the durations that make up the outage, in the order in which they pass; their sum is the outage. Empty if
 *     the journals do not tell
 */
public record Outage(
        String fault,
        Optional<FaultClass> faultClass,
        String fromNode,
        int fromTimeline,
        String toNode,
        int toTimeline,
        long lastAcknowledged,
        long firstAcknowledged,
        Map<Part, Long> parts) {

    public Outage {
        Map<Part, Long> copy = new EnumMap<>(Part.class);
        copy.putAll(parts);
        parts = Collections.unmodifiableMap(copy);
    }

    /** The parts of an outage, in the order in which they pass. */
    public enum Part {
        /** From the last acknowledged write until a member saw that the primary was gone. */
        DETECT,
        /** Until nothing on the old primary could acknowledge a write and its right was free. */
        FENCE,
        /** Until a member had the right to be primary. */
        DECIDE,
        /** Until its PostgreSQL had left recovery. */
        PROMOTE,
        /** Until it let writes be acknowledged. */
        OPEN,
        /** Until a client had found it and had a write acknowledged. */
        REROUTE;

        /** The name used in files. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How long no write was acknowledged, in nanoseconds: from the last on the old timeline to the first on the new one. */
    public long nanos() {
        return firstAcknowledged - lastAcknowledged;
    }

    /** The same in milliseconds. */
    public double millis() {
        return nanos() / 1e6;
    }
}
