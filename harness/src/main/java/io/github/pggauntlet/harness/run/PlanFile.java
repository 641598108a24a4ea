package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Promises.Promise;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of {@code plan.json}: the plan, and what is needed to judge its run again without the strategy.
 *
 * @param format the version of this file's format
 * @param plan the plan
 * @param promises what the strategy promised for it
 * @param versions the version of each part, by its name
 */
record PlanFile(int format, RunPlan plan, Map<FaultClass, Promised> promises, SortedMap<String, String> versions) {

    static final int FORMAT = 2;

    /**
     * A promise, as it is written.
     *
     * @param loss {@code none}, {@code within} or {@code not-promised}
     * @param lossWindow the window of {@code within}; zero otherwise
     * @param writeOutage how long writes may stop
     * @param writers how many members may acknowledge writes at the same time
     * @param rejoin whether a failed member returns by itself
     * @param lossBytes the bytes of {@code within}; 0 if they are not bounded
     * @param whileItLasts whether writes may stop for as long as the fault lasts
     */
    record Promised(
            String loss,
            Duration lossWindow,
            Duration writeOutage,
            int writers,
            boolean rejoin,
            long lossBytes,
            boolean whileItLasts) {

        private static final String NONE = "none";
        private static final String WITHIN = "within";
        private static final String NOT_PROMISED = "not-promised";

        static Promised of(Promise promise) {
            LossBound bound = promise.loss();
            String loss = NOT_PROMISED;
            Duration window = Duration.ZERO;
            long bytes = 0;
            if (bound instanceof LossBound.None) {
                loss = NONE;
            } else if (bound instanceof LossBound.Within within) {
                loss = WITHIN;
                window = within.window();
                bytes = within.bytes().orElse(0);
            }
            return new Promised(
                    loss,
                    window,
                    promise.writeOutage(),
                    promise.writers(),
                    promise.rejoin(),
                    bytes,
                    promise.whileItLasts());
        }

        Promise promise() {
            LossBound bound = switch (loss) {
                case NONE -> LossBound.none();
                case WITHIN -> lossBytes > 0 ? LossBound.within(lossWindow, lossBytes) : LossBound.within(lossWindow);
                case NOT_PROMISED -> LossBound.notPromised();
                default -> throw new IllegalArgumentException("'" + loss + "' is no bound of losses.");
            };
            return new Promise(bound, writeOutage, writers, rejoin, whileItLasts);
        }
    }

    static PlanFile of(RunPlan plan, Promises promises, Map<String, String> versions) {
        Map<FaultClass, Promised> written = new EnumMap<>(FaultClass.class);
        promises.byFault().forEach((fault, promise) -> written.put(fault, Promised.of(promise)));
        return new PlanFile(FORMAT, plan, written, new TreeMap<>(versions));
    }

    Promises spokenPromises() {
        Map<FaultClass, Promise> spoken = new EnumMap<>(FaultClass.class);
        promises.forEach((fault, promise) -> spoken.put(fault, promise.promise()));
        return new Promises(spoken);
    }
}
