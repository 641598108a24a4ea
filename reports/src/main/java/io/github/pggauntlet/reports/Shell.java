package io.github.pggauntlet.reports;

import java.util.regex.Pattern;

/** Words of a POSIX shell's command line. */
final class Shell {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Shell() {}

    /** A word as it must be written for the shell to read it as it is: a reader will paste it. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
