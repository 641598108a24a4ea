package io.github.pggauntlet.harness.check.append;

/** Which order beside that of the data itself transactions must keep. In ascending order: each demands more. */
public enum Order {
    /** None: a transaction may seem to have run at any time. */
    NONE,
    /** What one session did one after the other is seen in this order (strong session levels). */
    SESSION,
    /**
     * What was acknowledged before another transaction began is seen by it (strict levels). With it, a write that was
     * acknowledged and lost before anybody read it is an anomaly too.
     */
    REAL_TIME
}
