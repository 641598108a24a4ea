package io.github.pggauntlet.harness.fault;

import java.time.Duration;
import java.util.List;

/**
 * What shall break, on whom, and when, one step after the other. A value: whom a step means by <em>the primary</em> is found
 * out when it is played.
 *
 * @param steps the steps, in order
 */
public record FaultSchedule(List<Step> steps) {

    public FaultSchedule {
        steps = List.copyOf(steps);
        if (!steps.isEmpty() && steps.get(0).moment() != Moment.WHOLE) {
            throw new IllegalArgumentException(
                    "The first fault of a schedule has none before it that it could follow.");
        }
    }

    /** Whom a step hits. */
    public enum Victim {
        /** The member that is primary then, or is becoming it. */
        PRIMARY,
        /** A standby. */
        STANDBY,
        /** The member that the step before hit. */
        LAST_HIT
    }

    /** When a step is made. */
    public enum Moment {
        /** When all is healed, everybody is redundant again, and some more writes have been acknowledged. */
        WHOLE,
        /** Together with the step before, which is not healed. */
        TOGETHER,
        /** As soon as another member than the one hit before leads, or is about to. */
        AT_PROMOTION,
        /** When the step before is healed, as soon as its victim is on its way back. */
        AT_REJOIN
    }

    /**
     * One step.
     *
     * @param kind what breaks
     * @param victim whom it hits
     * @param moment when
     * @param writes how many writes are acknowledged before, where the moment is {@link Moment#WHOLE}
     * @param lasts how long it lasts until it is healed, if it has to be and no further step comes together with it
     * @param latency how slow something becomes, where it becomes slow
     */
    public record Step(FaultKind kind, Victim victim, Moment moment, int writes, Duration lasts, Duration latency) {

        @Override
        public String toString() {
            return kind.id() + " on "
                    + victim.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ", "
                    + moment.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ", " + lasts.toMillis()
                    + " ms";
        }
    }
}
