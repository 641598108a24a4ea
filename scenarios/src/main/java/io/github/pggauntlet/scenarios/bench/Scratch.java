package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.history.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for a run's record that goes when it has served. */
final class Scratch implements AutoCloseable {

    private final Path path;
    private final RunFolder folder;

    Scratch() {
        try {
            path = Files.createTempDirectory("gauntlet-bench");
        } catch (IOException e) {
            throw new EnvironmentException("There is no place for a temporary folder: " + e.getMessage(), e);
        }
        folder = RunFolder.create(path);
    }

    RunFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new EnvironmentException("The folder " + path + " could not be removed: " + e.getMessage(), e);
        }
    }
}
