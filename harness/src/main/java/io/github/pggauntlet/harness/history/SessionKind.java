package io.github.pggauntlet.harness.history;

/** By which way a session writes. */
public enum SessionKind {
    /** As an application does: to wherever the clients' route leads. */
    CLIENT,
    /** Straight to one member, whatever its role: looks for a second writer. */
    PROBE
}
