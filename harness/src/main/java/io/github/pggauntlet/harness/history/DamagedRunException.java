package io.github.pggauntlet.harness.history;

import java.nio.file.Path;

/** A run's record cannot be read. The message is one sentence: which file, which line, what is wrong with it. */
public class DamagedRunException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DamagedRunException(String message) {
        super(message);
    }

    public DamagedRunException(String message, Throwable cause) {
        super(message, cause);
    }

    static DamagedRunException at(Path file, long line, String what, Throwable cause) {
        return new DamagedRunException(file + ", line " + line + ": " + what, cause);
    }
}
