package io.github.pggauntlet.strategy;

/** A machine, or something on it, did not do what a strategy needed. The message says what was tried and what was seen. */
public class HaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public HaException(String message) {
        super(message);
    }

    public HaException(String message, Throwable cause) {
        super(message, cause);
    }
}
