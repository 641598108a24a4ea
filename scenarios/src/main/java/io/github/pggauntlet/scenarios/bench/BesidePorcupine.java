package io.github.pggauntlet.scenarios.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.harness.check.register.RegisterHistory;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Porcupine, a public checker of linearizability in Go, on the same histories. It is built here from its source, which takes Go
 * and, the first time, a way to Go's modules.
 */
final class BesidePorcupine implements AutoCloseable {

    private static final List<String> SOURCE = List.of("main.go", "go.mod", "go.sum");
    private static final String PROGRAM = "beside";
    private static final String HISTORY = "history";
    private static final String SAID = "said";
    private static final Duration BUILD = Duration.ofMinutes(5);
    private static final Duration CHECK = Duration.ofMinutes(5);

    private final Path folder;

    /**
     * Builds it.
     *
     * @throws EnvironmentException if it cannot be built
     */
    BesidePorcupine() throws InterruptedException {
        try {
            folder = Files.createTempDirectory("gauntlet-porcupine");
            for (String name : SOURCE) {
                try (InputStream source = BesidePorcupine.class.getResourceAsStream("porcupine/" + name)) {
                    if (source == null) {
                        throw new IllegalStateException("The file porcupine/" + name + " is not in the jar.");
                    }
                    Files.copy(source, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(BUILD, List.of("go", "build", "-o", PROGRAM, "."));
    }

    /**
     * How long its checks of a history take, in nanoseconds.
     *
     * @return nothing if it gave up, which it does after ten seconds: where one searches by trial, a history may take for ever
     * @throws EnvironmentException if it fails
     * @throws IllegalStateException if it says that the history is not linearizable
     */
    Optional<Series> check(RegisterHistory history, int times) throws InterruptedException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(HISTORY), UTF_8)) {
            for (RegisterHistory.Operation each :
                    (Iterable<RegisterHistory.Operation>) history.operations()::iterator) {
                out.write(each.key() + (each.write() ? " w " : " r ") + each.value() + " " + each.invoked() + " "
                        + (each.completed() == Long.MAX_VALUE ? -1 : each.completed()) + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Double> nanos = new ArrayList<>();
        for (String line : run(CHECK, List.of(folder.resolve(PROGRAM).toString(), HISTORY, Integer.toString(times + 1)))
                .lines()
                .toList()) {
            String[] words = line.split(" ", 2);
            if (words[0].equals("Unknown")) {
                return Optional.empty();
            }
            if (!words[0].equals("Ok")) {
                throw new IllegalStateException("Porcupine does not find a history linearizable that was made so.");
            }
            nanos.add(Double.parseDouble(words[1]));
        }
        // The first was to warm up.
        return Optional.of(new Series(nanos.subList(1, nanos.size())));
    }

    private String run(Duration limit, List<String> command) throws InterruptedException {
        Path said = folder.resolve(SAID);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
        } catch (IOException e) {
            throw new EnvironmentException(
                    "Porcupine could not be built or run (" + e.getMessage()
                            + "); it takes Go, whose program 'go' must be on the PATH.",
                    e);
        }
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EnvironmentException(
                        "'" + String.join(" ", command) + "' did not end within " + limit.toSeconds() + " s.");
            }
            String text = Files.readString(said);
            if (process.exitValue() != 0) {
                throw new EnvironmentException("'" + String.join(" ", command) + "' failed: " + text.strip());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " could not be removed.", e);
        }
    }
}
