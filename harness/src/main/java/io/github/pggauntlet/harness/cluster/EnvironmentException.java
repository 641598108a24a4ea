package io.github.pggauntlet.harness.cluster;

/**
 * What the harness stands on is missing or broken: the container engine, an image, the disk. It says nothing about the
 * strategy under test. The message is one sentence that says what is wrong and what to do.
 */
public class EnvironmentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EnvironmentException(String message) {
        super(message);
    }

    public EnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }
}
