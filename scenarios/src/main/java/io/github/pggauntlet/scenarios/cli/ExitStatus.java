package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.check.Ruling;

/** The exit statuses of the command line. */
final class ExitStatus {

    /** Every promise that was put to the test was kept. */
    static final int KEPT = 0;

    /** A promise was broken. */
    static final int BROKEN = 1;

    /** Nothing can be concluded, or nothing was put to the test. */
    static final int INCONCLUSIVE = 2;

    /** The command was used wrongly. */
    static final int WRONG_USE = 254;

    /** The environment failed; nothing is said of the strategy. */
    static final int ENVIRONMENT = 255;

    // The same for people, as picocli wants it: the status, a colon, the meaning.

    static final String HEADING = "%nExit status:%n";
    static final String TOLD_KEPT = "0:every promise was put to the test, and held";
    static final String TOLD_BROKEN = "1:a promise was broken";
    static final String TOLD_INCONCLUSIVE = "2:nothing can be concluded, or nothing was put to the test";
    static final String TOLD_WRONG_USE = "254:wrong use";
    static final String TOLD_ENVIRONMENT = "255:the environment failed";
    static final String TOLD_DONE = "0:done";
    static final String TOLD_MEASURED = "0:the figures could be taken, whatever they are";

    private ExitStatus() {}

    static int of(Ruling ruling) {
        return switch (ruling) {
            case KEPT -> KEPT;
            case BROKEN -> BROKEN;
            case INCONCLUSIVE, VACUOUS -> INCONCLUSIVE;
        };
    }
}
