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

    private ExitStatus() {}

    static int of(Ruling ruling) {
        return switch (ruling) {
            case KEPT -> KEPT;
            case BROKEN -> BROKEN;
            case INCONCLUSIVE, VACUOUS -> INCONCLUSIVE;
        };
    }
}
