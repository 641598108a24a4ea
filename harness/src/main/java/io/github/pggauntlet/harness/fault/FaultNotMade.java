package io.github.pggauntlet.harness.fault;

/**
 * A fault could not be made or healed, or it could not be seen that it was. Nothing can be concluded from a run in which
 * this happens: it neither keeps nor breaks a promise.
 */
public class FaultNotMade extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FaultNotMade(String message) {
        super(message);
    }

    public FaultNotMade(String message, Throwable cause) {
        super(message, cause);
    }
}
