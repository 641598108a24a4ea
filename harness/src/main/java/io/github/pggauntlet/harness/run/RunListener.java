package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.strategy.NodeStatus;
import java.util.List;

/** Hears how a run goes on, to tell people. Called by several threads, one at a time for each method. */
public interface RunListener {

    /** A part of the run begins. */
    default void phase(String name) {}

    /** A fault has been made. */
    default void faultMade(String description) {}

    /** A fault has been healed. */
    default void faultHealed(String description) {}

    /**
     * Several times a second: how things stand.
     *
     * @param acknowledged the writes acknowledged so far
     * @param perSecond the writes acknowledged in the last second
     * @param statuses what each member says of itself
     */
    default void progress(long acknowledged, long perSecond, List<NodeStatus> statuses) {}

    /** Something worth telling. */
    default void note(String text) {}

    /** One that keeps it all to itself. */
    static RunListener silent() {
        return new RunListener() {};
    }
}
