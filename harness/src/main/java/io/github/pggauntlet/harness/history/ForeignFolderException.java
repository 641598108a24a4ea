package io.github.pggauntlet.harness.history;

/** A run was to be written where something else lies. The message says what, and what to do. */
public final class ForeignFolderException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** @param message what lies there */
    public ForeignFolderException(String message) {
        super(message);
    }
}
