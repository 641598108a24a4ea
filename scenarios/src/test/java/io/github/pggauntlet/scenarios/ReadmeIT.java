package io.github.pggauntlet.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every command of the README works as it says, in the order in which it stands there. The one that runs this test is left
 * out.
 */
@Tag("chaos")
class ReadmeIT {

    /** The build names the images by their path below the project's root. */
    private static final Path ROOT = Path.of(System.getProperty("gauntlet.images"))
            .toAbsolutePath()
            .normalize()
            .getParent()
            .getParent()
            .getParent();

    private static final Pattern STATUS = Pattern.compile("# exit status (\\d+)");
    private static final String TESTS = "./mvnw";
    private static final long LIMIT_MINUTES = 10;

    /**
     * A command of the README.
     *
     * @param line the line as it stands there
     * @param status the exit status it announces
     */
    private record Documented(String line, int status) {

        static Documented of(String line) {
            Matcher status = STATUS.matcher(line);
            return new Documented(line, status.find() ? Integer.parseInt(status.group(1)) : 0);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCommandDoesWhatItSays() throws IOException {
        List<Documented> commands = commands(Files.readAllLines(ROOT.resolve("README.md")));
        assertThat(commands).as("commands in the README").hasSizeGreaterThan(5);
        return commands.stream().map(command -> DynamicTest.dynamicTest(command.line(), () -> run(command)));
    }

    private static List<Documented> commands(List<String> readme) {
        List<Documented> commands = new ArrayList<>();
        boolean shell = false;
        for (String line : readme) {
            if (line.startsWith("```")) {
                shell = line.equals("```sh");
            } else if (shell && !line.startsWith(TESTS)) {
                commands.add(Documented.of(line));
            }
        }
        return commands;
    }

    private static void run(Documented command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("readme", ".log");
        // The line is given to a shell as a reader would give it.
        Process process = new ProcessBuilder("bash", "-c", command.line())
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
                    .as("ended within %d min; it said: %s", LIMIT_MINUTES, Files.readString(output))
                    .isTrue();
            assertThat(process.exitValue())
                    .as("exit status; it said: %s", Files.readString(output))
                    .isEqualTo(command.status());
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
