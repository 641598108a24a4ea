package io.github.pggauntlet.strategy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a strategy promises, for each class of fault. A class that is absent is not promised anything.
 *
 * @param byFault the promise made for each class of fault
 */
public record Promises(Map<FaultClass, Promise> byFault) {

    public Promises {
        byFault = Map.copyOf(byFault);
    }

    /**
     * A promise.
     *
     * @param loss how many acknowledged writes may be lost
     * @param writeOutage how long writes may stop at most, from the last acknowledged one to the next
     * @param writers how many members may acknowledge writes at the same time: 1 where split brain is excluded
     * @param rejoin whether a failed member returns as a standby without an operator
     * @param whileItLasts whether writes may stop for as long as the fault lasts; {@code writeOutage} then counts from its
     *     end
     */
    public record Promise(LossBound loss, Duration writeOutage, int writers, boolean rejoin, boolean whileItLasts) {

        /** A promise whose outage is bounded however long the fault lasts. */
        public Promise(LossBound loss, Duration writeOutage, int writers, boolean rejoin) {
            this(loss, writeOutage, writers, rejoin, false);
        }

        /** The same, with so much more time for writes to be back. */
        public Promise longerBy(Duration more) {
            return new Promise(loss, writeOutage.plus(more), writers, rejoin, whileItLasts);
        }

        /** The same, but that writes may stop for as long as the fault lasts, and that much longer. */
        public Promise stoppingWhileItLasts() {
            return new Promise(loss, writeOutage, writers, rejoin, true);
        }
    }

    /** The promise for a class of fault, if one is made. */
    public Optional<Promise> of(FaultClass fault) {
        return Optional.ofNullable(byFault.get(fault));
    }

    /** These promises with one more. */
    public Promises with(FaultClass fault, Promise promise) {
        Map<FaultClass, Promise> more = new EnumMap<>(FaultClass.class);
        more.putAll(byFault);
        more.put(fault, promise);
        return new Promises(more);
    }

    /** No promise at all. */
    public static Promises none() {
        return new Promises(Map.of());
    }
}
