package io.github.pggauntlet.strategy;

import java.time.Duration;
import java.util.OptionalLong;

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
     * @param bytes how many bytes of WAL a standby that is promoted may have been behind when the primary last looked; empty
     *     if it is not bounded. It says how much a window may hold; what was lost is judged by the window
     */
    record Within(Duration window, OptionalLong bytes) implements LossBound {
        @Override
        public String toString() {
            return "only writes acknowledged in the last " + window.toMillis() / 1000.0
                    + " s before the failure may be lost"
                    + (bytes.isPresent()
                            ? ", and no standby is promoted that was seen more than " + bytes.getAsLong()
                                    + " bytes of WAL behind"
                            : "");
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
        return new Within(window, OptionalLong.empty());
    }

    /** The same, and nobody is promoted who was seen farther behind than that. */
    static LossBound within(Duration window, long bytes) {
        return new Within(window, OptionalLong.of(bytes));
    }

    /** Nothing is promised. */
    static LossBound notPromised() {
        return new NotPromised();
    }
}
