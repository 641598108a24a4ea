package io.github.pggauntlet.strategy;

import java.time.Duration;

/** How many acknowledged writes a failover may lose. */
public sealed interface LossBound {

    /** None at all. */
    record None() implements LossBound {
        @Override
        public String toString() {
            return "no acknowledged write is lost";
        }
    }

    /**
     * Only writes acknowledged within a window before the last write that the failed primary acknowledged.
     *
     * @param window the length of that window
     */
    record Within(Duration window) implements LossBound {
        @Override
        public String toString() {
            return "only writes acknowledged in the last " + window.toMillis() / 1000.0
                    + " s before the failure may be lost";
        }
    }

    /** Nothing is promised. */
    record NotPromised() implements LossBound {
        @Override
        public String toString() {
            return "nothing is promised about acknowledged writes";
        }
    }

    /** No acknowledged write is lost. */
    static LossBound none() {
        return new None();
    }

    /** Only the acknowledged writes of the last {@code window} before a failure may be lost. */
    static LossBound within(Duration window) {
        return new Within(window);
    }

    /** Nothing is promised. */
    static LossBound notPromised() {
        return new NotPromised();
    }
}
