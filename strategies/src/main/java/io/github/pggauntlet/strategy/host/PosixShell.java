package io.github.pggauntlet.strategy.host;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes words so that a POSIX shell reads them back as they are, for the places where there is no way around a line for a
 * shell: SSH carries nothing else, and a service's run script is one.
 */
public final class PosixShell {

    private PosixShell() {}

    /**
     * A word in single quotes, between which a shell takes every character for itself; a single quote ends them, stands
     * alone behind a backslash, and begins them anew (POSIX.1-2017, Shell Command Language, 2.2 "Quoting").
     *
     * @throws IllegalArgumentException if the word holds the character NUL, which no argument of a program can
     */
    public static String quote(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("An argument of a program holds no character NUL.");
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** A line that runs a program with arguments: all of them quoted, with a space between. */
    public static String line(List<String> words) {
        return words.stream().map(PosixShell::quote).collect(Collectors.joining(" "));
    }
}
