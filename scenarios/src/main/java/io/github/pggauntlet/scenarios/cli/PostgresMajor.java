package io.github.pggauntlet.scenarios.cli;

import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The major versions of PostgreSQL that images are made for. */
final class PostgresMajor {

    private static final Set<Integer> SUPPORTED = Set.of(15, 17, 18);

    private PostgresMajor() {}

    /**
     * Refuses any other.
     *
     * @throws ParameterException if there are no images for that one
     */
    static void require(int major, CommandSpec command) {
        if (!SUPPORTED.contains(major)) {
            throw new ParameterException(
                    command.commandLine(), "PostgreSQL is to be had as 15, 17 and 18, not as " + major + ".");
        }
    }
}
