package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.VictimGone;
import java.time.Duration;

/** Tries again when whom it would have hit has just gone. */
final class Insistence {

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);

    private Insistence() {}

    /** What is tried. */
    interface Attempt<T> {

        /**
         * Tries once.
         *
         * @throws VictimGone if whom it would have hit is not there at this moment
         * @throws InterruptedException if the calling thread is interrupted
         */
        T make() throws InterruptedException;
    }

    /**
     * Tries until it succeeds, or fails for another reason.
     *
     * @throws VictimGone if nobody was there by the limit
     * @throws InterruptedException if the calling thread is interrupted
     */
    static <T> T on(Attempt<T> attempt, Duration limit) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            try {
                return attempt.make();
            } catch (VictimGone e) {
                if (System.nanoTime() - begin > limit.toNanos()) {
                    throw e;
                }
                Thread.sleep(BETWEEN_TRIES.toMillis());
            }
        }
    }
}
