package io.github.pggauntlet.scenarios.cli;

import java.util.function.Supplier;

/** What the user asked for cannot be done. The message says why, and what to ask for instead. */
final class WrongUse extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private WrongUse(IllegalArgumentException why) {
        super(why.getMessage(), why);
    }

    /** Looks at what the user asked for. An argument that is found wrong there is the user's, not the program's own. */
    static <T> T of(Supplier<T> asked) {
        try {
            return asked.get();
        } catch (IllegalArgumentException e) {
            throw new WrongUse(e);
        }
    }
}
