package io.github.pggauntlet.strategy.host;

/** A machine could not be reached, or a command or file operation on it did not succeed. */
public class HostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public HostException(String message) {
        super(message);
    }

    public HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
