package io.github.pggauntlet.harness.history;

/** A run's record could not be written, for example because the disk is full. The message says what to do. */
public class RecordingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
