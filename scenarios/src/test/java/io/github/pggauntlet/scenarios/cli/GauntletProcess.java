package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.cluster.Images;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The command line in a process of its own, as a user starts it. */
public final class GauntletProcess implements AutoCloseable {

    /** Far longer than any command of a test takes: it ends a test that would otherwise hang. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Process process;
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> out;
    private final CompletableFuture<Boolean> errEnded;
    private volatile Watch watch = new Watch(line -> false, new CompletableFuture<>());

    private record Watch(Predicate<String> wanted, CompletableFuture<String> found) {}

    /**
     * How a command ended.
     *
     * @param status its exit status
     * @param out its standard output
     * @param err its standard error
     */
    public record Ended(int status, String out, String err) {}

    /** How a command is to be started. */
    public static final class Builder {

        private final Path images;
        private final List<String> launcher = new ArrayList<>();
        private final List<String> unset = new ArrayList<>();

        private Builder(Path images) {
            this.images = images;
        }

        /** Without an environment variable. */
        public Builder without(String variable) {
            unset.add(variable);
            return this;
        }

        /** No file that it writes may grow beyond so many kilobytes: for it, the disk is full there. */
        public Builder withFilesUpTo(int kilobytes) {
            launcher.addAll(List.of("bash", "-c", "ulimit -f " + kilobytes + " && exec \"$@\"", "bash"));
            return this;
        }

        /** Starts it. */
        public GauntletProcess start(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(launcher);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dfile.encoding=UTF-8",
                    "-D" + Images.PROPERTY + "=" + images,
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    GauntletCommand.class.getName()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command);
            unset.forEach(builder.environment()::remove);
            return new GauntletProcess(builder.start());
        }
    }

    private GauntletProcess(Process process) {
        this.process = process;
        this.out = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                GauntletProcess::inItsOwnThread);
        this.errEnded = CompletableFuture.supplyAsync(this::readErr, GauntletProcess::inItsOwnThread);
    }

    private static void inItsOwnThread(Runnable reading) {
        Thread thread = new Thread(reading, "gauntlet-process");
        thread.setDaemon(true);
        thread.start();
    }

    /** A command that finds its images in that file. */
    public static Builder withImages(Path file) {
        return new Builder(file);
    }

    private boolean readErr() {
        try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                err.add(line);
                Watch now = watch;
                if (now.wanted().test(line)) {
                    now.found().complete(line);
                }
            }
            return true;
        } catch (IOException e) {
            // The pipe of a process that was killed.
            return false;
        } finally {
            watch.found().completeExceptionally(new IllegalStateException("The command ended: " + err()));
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** What it has said on standard error so far. */
    public String err() {
        return String.join("\n", err);
    }

    /** Waits until it says, from now on, a line that contains {@code text} on standard error. */
    public void awaitLine(String text) throws InterruptedException, TimeoutException {
        CompletableFuture<String> found = new CompletableFuture<>();
        watch = new Watch(line -> line.contains(text), found);
        if (err().contains(text)) {
            return;
        }
        try {
            found.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("It never said '" + text + "'.", e.getCause());
        }
    }

    /** Waits for its end. */
    public Ended await() throws InterruptedException, TimeoutException, ExecutionException {
        try {
            String all = out.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            errEnded.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return new Ended(process.waitFor(), all, err());
        } finally {
            close();
        }
    }

    /** Kills it with SIGKILL and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
