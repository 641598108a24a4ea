package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import io.github.pggauntlet.strategy.postgres.PostgresProcesses;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The postmaster, as a child of this process. When this process dies, the kernel tells the postmaster to shut down at once
 * ({@code PR_SET_PDEATHSIG}), so PostgreSQL never outlives its agent.
 */
final class Postmaster implements AutoCloseable {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final PostgresLayout layout;
    private final PostgresProcesses processes;
    private final Watchdog watchdog;
    private final Map<String, String> fixed;
    private final IntConsumer onExit;
    private volatile Optional<Process> process = Optional.empty();

    /** The kernel watches the thread that made the child, not the process: it must live as long as the agent. */
    private final ExecutorService parent = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "postmaster-parent");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param layout where its data lie
     * @param watchdog who watches it
     * @param fixed settings that no file and no {@code ALTER SYSTEM} may change
     * @param onExit told of its end with its exit status; 128 and more if a signal has ended it
     */
    Postmaster(PostgresLayout layout, Watchdog watchdog, Map<String, String> fixed, IntConsumer onExit) {
        this.layout = layout;
        this.watchdog = watchdog;
        this.fixed = Map.copyOf(fixed);
        this.processes = new PostgresProcesses(Path.of(layout.data()));
        this.onExit = onExit;
    }

    /** Its process id, while it runs. */
    OptionalLong pid() {
        return process.filter(Process::isAlive)
                .map(running -> OptionalLong.of(running.pid()))
                .orElse(OptionalLong.empty());
    }

    /** Starts it. Returns at once; it takes connections when it does. */
    void start() throws InterruptedException {
        if (pid().isPresent()) {
            throw new IllegalStateException("PostgreSQL runs already.");
        }
        // What an earlier life has left would keep this one from starting, or write beside it.
        processes.kill(KILL_LIMIT);
        ProcessBuilder builder = new ProcessBuilder(command());
        // It goes there by itself later; who looks for its processes finds it from the start.
        builder.directory(new File(layout.data()));
        File log = new File(layout.logs(), "postgres.log");
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        try {
            // None of its processes is left, so its locks are stale; after a machine's crash the process ids in them
            // may be
            // those of others by now, and PostgreSQL would then refuse to start for ever.
            Files.deleteIfExists(Path.of(layout.data(), "postmaster.pid"));
            try (DirectoryStream<Path> locks = Files.newDirectoryStream(Path.of(layout.sockets()), ".s.PGSQL.*")) {
                for (Path lock : locks) {
                    Files.deleteIfExists(lock);
                }
            }
            watchdog.watch();
            Process started = CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return builder.start();
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            },
                            parent)
                    .get(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            process = Optional.of(started);
            parent.execute(() -> awaitEnd(started));
        } catch (IOException | ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new HaException("PostgreSQL could not be started: " + e.getMessage(), e);
        }
    }

    /** On the thread that made it, which has nothing else to do while it lives: no other could be late to hear of it. */
    private void awaitEnd(Process started) {
        try {
            onExit.accept(started.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--pdeathsig",
                "QUIT",
                "--",
                "postgres",
                "-D",
                layout.data(),
                "-c",
                "config_file=" + layout.configurationFile()));
        new TreeMap<>(fixed).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    /** Whether it is stopped by a signal: it lives, and neither takes connections nor notices a backend's end. */
    boolean frozen() {
        OptionalLong pid = pid();
        if (pid.isEmpty()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + pid.getAsLong() + "/stat"));
            // The name, in parentheses, may hold anything; the state follows.
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'T' || state == 't';
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Stops it: a fast shutdown, which waits until the standbys that stream have everything, then, if that takes too long,
     * an immediate one. When this returns nothing of it is left.
     */
    void stop(Duration fast) throws InterruptedException {
        Optional<Process> running = process.filter(Process::isAlive);
        if (running.isPresent()) {
            signal(running.get(), "INT");
            if (!running.get().waitFor(fast.toMillis(), TimeUnit.MILLISECONDS)) {
                signal(running.get(), "QUIT");
                running.get().waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        kill();
    }

    /** Kills everything of it and waits for the end. When this returns nothing is left that could acknowledge a write. */
    void kill() {
        process.ifPresent(Process::destroyForcibly);
        processes.kill(KILL_LIMIT);
        watchdog.unwatch();
    }

    private static void signal(Process target, String signal) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-s", signal, Long.toString(target.pid()))
                    .inheritIO()
                    .start()
                    .waitFor(1, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new HaException("The postmaster could not be sent the signal " + signal + ".", e);
        }
    }

    @Override
    public void close() {
        parent.shutdown();
    }
}
