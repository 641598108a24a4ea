package io.github.pggauntlet.strategy.arbiter;

/** The arbiter did not answer in time, or answered with an error. What was asked for may have been done or not. */
public class ArbiterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ArbiterException(String message, Throwable cause) {
        super(message, cause);
    }
}
