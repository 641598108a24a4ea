package io.github.pggauntlet.harness.check.register;

import java.util.List;

/**
 * What a history of registers shows.
 *
 * @param operations how many operations were looked at
 * @param brokenKeys how many registers cannot be explained
 * @param violations why, for the first few of them
 */
public record RegisterReport(int operations, int brokenKeys, List<Violation> violations) {

    public RegisterReport {
        violations = List.copyOf(violations);
    }

    /** Whether an order of all operations, register by register, explains what everybody saw. */
    public boolean linearizable() {
        return brokenKeys == 0;
    }

    /** What is wrong with a register. */
    public enum Reason {
        /** A value was read that nobody wrote. */
        PHANTOM,
        /** A value was read whose write had failed. */
        FAILED_BUT_READ,
        /** A value was read before its write began. */
        READ_BEFORE_WRITE,
        /** A value came back after another one, or was still read after it: a stale read or a lost write. */
        OUT_OF_ORDER,
        /** Two updates made the same version: one of them is lost. */
        LOST_UPDATE,
        /** Two operations saw different values in the same version. */
        CONTRADICTION,
        /** A compare-and-set succeeded on a value it did not expect. */
        WRONG_EXPECTATION,
        /** A version was made by no update that is known. */
        UNKNOWN_VERSION
    }

    /**
     * Why a register cannot be explained.
     *
     * @param key the register
     * @param reason what kind of wrong it is
     * @param sentence what was seen
     */
    public record Violation(int key, Reason reason, String sentence) {}
}
