package io.github.pggauntlet.harness.history;

/**
 * What a client knows of its write once the call has returned.
 *
 * <p>When in doubt a write is unknown. Calling a lost write acknowledged would accuse a sound strategy; calling one
 * failed that may still appear would hide what a broken one does.
 */
public enum Outcome {
    /** COMMIT returned without an error and without any warning. The write must be there from now on. */
    ACKNOWLEDGED,
    /** The write is known not to have been committed. It must never appear. */
    FAILED,
    /** The write may have been committed or not, now or later. It may appear or not. */
    UNKNOWN
}
