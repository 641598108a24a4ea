package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Has the engine and the images made ready, where the launcher says by what. */
final class Preparation {

    /** The system property that names the script; without it everything is taken to be ready. */
    private static final String SCRIPT = "gauntlet.prepare";

    private Preparation() {}

    /**
     * Makes everything ready for clusters with a major version of PostgreSQL. The script says itself what it does and what
     * goes wrong, on standard error.
     *
     * @return the script's exit status
     * @throws EnvironmentException if the script cannot be run
     * @throws InterruptedException if the calling thread is interrupted; the script is then ended
     */
    static int run(int postgres) throws InterruptedException {
        return run(postgres, false);
    }

    /**
     * The same.
     *
     * @param guests whether machines with a kernel of their own are needed
     */
    static int run(int postgres, boolean guests) throws InterruptedException {
        String script = System.getProperty(SCRIPT, "");
        if (script.isEmpty()) {
            return ExitStatus.KEPT;
        }
        List<String> command = new ArrayList<>(List.of(script, "--postgres", Integer.toString(postgres)));
        if (guests) {
            command.add("--guests");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new EnvironmentException(
                    "The script " + script + " that makes the engine and the images ready cannot be run: "
                            + e.getMessage() + ".",
                    e);
        }
        try {
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }
}
