package io.github.pggauntlet.harness.fault;

/**
 * Whom a fault would have hit is not there at this moment, so nothing was broken. A story may go on without the fault; one that
 * needs it cannot.
 */
public final class VictimGone extends FaultNotMade {

    private static final long serialVersionUID = 1L;

    public VictimGone(String message) {
        super(message);
    }
}
