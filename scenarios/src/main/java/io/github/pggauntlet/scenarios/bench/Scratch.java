package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.history.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder for a run's record that goes when it has served. */
final class Scratch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

    private final Path path;
    private final RunFolder folder;
    private final Thread atExit = new Thread(this::deleteAtExit, "gauntlet-remove-scratch");

    Scratch() {
        try {
            path = Files.createTempDirectory("gauntlet-bench");
        } catch (IOException e) {
            throw new EnvironmentException("There is no place for a temporary folder: " + e.getMessage(), e);
        }
        folder = RunFolder.create(path);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    RunFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            delete();
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IOException e) {
            throw new EnvironmentException("The folder " + path + " could not be removed: " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            LOG.trace("The process is ending already, and the hook does the same", e);
        }
    }

    private void deleteAtExit() {
        try {
            delete();
        } catch (IOException e) {
            LOG.debug("The folder {} could not be removed", path, e);
        }
    }

    private void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
