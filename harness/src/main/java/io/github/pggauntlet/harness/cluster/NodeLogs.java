package io.github.pggauntlet.harness.cluster;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Brings the logs of a cluster's containers into a directory here. Works with machines in any state. */
final class NodeLogs {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LIST = Duration.ofSeconds(20);
    private static final String DISK = "/var/lib/gauntlet";
    /** {@code log/*} anywhere on the disk. */
    private static final Pattern LOG_FILE = Pattern.compile("(?:.*/)?log/[^/]+");

    private final Engine engine;
    private final Map<String, ContainerHost> containers;
    private final Map<String, Machine> machines;

    NodeLogs(Engine engine, Map<String, ContainerHost> containers, Map<String, Machine> machines) {
        this.engine = engine;
        this.containers = Map.copyOf(containers);
        this.machines = Map.copyOf(machines);
    }

    void collect(Path directory) throws InterruptedException {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        containers.forEach((name, container) -> tasks.add(() ->
                attempt(directory, name + " output", () -> writeOutput(container, directory.resolve(name + ".log")))));
        machines.forEach((name, machine) -> tasks.add(
                () -> attempt(directory, name + " log files", () -> copyLogFiles(machine, directory.resolve(name)))));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new EnvironmentException("The directory " + directory + " for logs cannot be made (" + e + ").", e);
        }
        engine.bounded().all("logs", LIMIT, tasks);
    }

    private boolean attempt(Path directory, String what, Bounded.Action action) throws InterruptedException {
        try {
            action.run();
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            note(directory.resolve("missing.txt"), what + ": " + e + "\n");
            return false;
        }
    }

    private synchronized void note(Path file, String line) {
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new EnvironmentException("The file " + file + " cannot be written (" + e + ").", e);
        }
    }

    private void writeOutput(ContainerHost container, Path file) throws Exception {
        try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file));
                ResultCallback.Adapter<Frame> frames = new ResultCallback.Adapter<>() {
                    @Override
                    public void onNext(Frame frame) {
                        try {
                            stream.write(frame.getPayload());
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                }) {
            engine.docker()
                    .logContainerCmd(container.containerId())
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTimestamps(true)
                    .exec(frames);
            if (!frames.awaitCompletion(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                stream.write("(the engine did not send the rest)\n".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void copyLogFiles(Machine machine, Path directory) throws IOException, InterruptedException {
        if (machine.hasOwnKernel()) {
            copyGuestLogs(machine.host(), directory);
        } else {
            copyLogFiles(machine.container(), directory);
        }
    }

    /** A guest's disk is read by the guest alone; one that does not run keeps its logs to itself. */
    private static void copyGuestLogs(Host guest, Path directory) throws IOException, InterruptedException {
        String found = guest.run(Command.of(LIST, "find", DISK, "-path", "*/log/*", "-type", "f"))
                .orFail()
                .output();
        for (String path : found.lines().toList()) {
            Path target =
                    directory.resolve(Path.of("/").relativize(Path.of(path))).normalize();
            if (LOG_FILE.matcher(path).matches() && target.startsWith(directory)) {
                Files.createDirectories(target.getParent());
                Files.write(target, guest.get(path));
            }
        }
    }

    /** Reads the disk through the archive interface, which also works when the machine is stopped or frozen. */
    private void copyLogFiles(ContainerHost host, Path directory) throws IOException {
        try (InputStream stream = engine.docker()
                        .copyArchiveFromContainerCmd(host.containerId(), DISK)
                        .exec();
                TarArchiveInputStream archive = new TarArchiveInputStream(stream)) {
            TarArchiveEntry entry;
            while ((entry = archive.getNextEntry()) != null) {
                Path target = directory.resolve(entry.getName()).normalize();
                // The machine's disk is under test; its names are not trusted to stay within the directory.
                if (entry.isFile() && LOG_FILE.matcher(entry.getName()).matches() && target.startsWith(directory)) {
                    Files.createDirectories(target.getParent());
                    Files.copy(archive, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (NotFoundException e) {
            throw new IOException("there is no " + DISK, e);
        } catch (DockerException e) {
            throw new IOException(e);
        }
    }
}
