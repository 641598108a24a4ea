package io.github.pggauntlet.harness.check.primitive;

import io.github.pggauntlet.harness.history.Outcome;

/** Outcomes as single bytes. */
public final class OutcomeCode {

    /** The code of {@link Outcome#ACKNOWLEDGED}. */
    public static final byte ACKNOWLEDGED = 0;

    private static final byte FAILED = 1;
    private static final byte UNKNOWN = 2;

    private OutcomeCode() {}

    /** The code of an outcome. */
    public static byte of(Outcome outcome) {
        return switch (outcome) {
            case ACKNOWLEDGED -> ACKNOWLEDGED;
            case FAILED -> FAILED;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** The outcome of a code. */
    public static Outcome outcome(byte code) {
        return switch (code) {
            case ACKNOWLEDGED -> Outcome.ACKNOWLEDGED;
            case FAILED -> Outcome.FAILED;
            default -> Outcome.UNKNOWN;
        };
    }
}
