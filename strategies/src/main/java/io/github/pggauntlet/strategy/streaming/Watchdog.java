package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.postgres.PostgresLayout;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process beside the agent, one for each start of PostgreSQL, that kills PostgreSQL when the lease's deadline passes and
 * the agent has told of no later one: an agent that is frozen, starved or dead cannot leave a primary behind that goes on
 * acknowledging writes. It outlives the agent. What it does is said in {@code watchdog.bash}. Safe for use by several
 * threads.
 */
final class Watchdog implements LeaseWatcher, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final String SCRIPT = "watchdog.bash";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration TELL = Duration.ofSeconds(1);

    private final PostgresLayout layout;
    private final BootClock clock;
    private final String script;
    private final String mark = UUID.randomUUID().toString();

    /** What is written to a process that does not read may block; never the one who has something to tell. */
    private final ExecutorService writer = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "watchdog-writer");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable Process process;
    private OptionalLong deadline = OptionalLong.empty();
    private boolean closed;

    /**
     * @param layout where the server's data lie
     * @param clock what deadlines are counted by
     */
    Watchdog(PostgresLayout layout, BootClock clock) {
        this.layout = layout;
        this.clock = clock;
        this.script = script();
    }

    private static String script() {
        try (InputStream resource = Watchdog.class.getResourceAsStream(SCRIPT)) {
            if (resource == null) {
                throw new HaException("The watchdog's script, " + SCRIPT + ", is not in the jar.");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Begins a new life of the agent. To be called when nothing is left of a server: watchdogs of an earlier life have
     * nothing to watch any more and must not take a new server for the old one.
     */
    void beginLife() {
        try {
            Path draft = Path.of(markFile() + ".draft");
            Files.writeString(draft, mark + "\n");
            Files.move(draft, Path.of(markFile()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HaException("The watchdog's mark could not be written: " + e, e);
        }
    }

    private String markFile() {
        return layout.memory() + "/watchdog-mark";
    }

    /**
     * Watches the server that is about to be started in the data directory.
     *
     * @throws HaException if nobody can watch; the server must not be started then
     */
    synchronized void watch() {
        retire();
        try {
            start();
        } catch (IOException | ExecutionException | TimeoutException e) {
            retire();
            throw new HaException("The watchdog of PostgreSQL could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            retire();
            Thread.currentThread().interrupt();
            throw new HaException("Interrupted while the watchdog of PostgreSQL was starting.", e);
        }
    }

    private void start() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        ProcessBuilder builder =
                new ProcessBuilder(List.of("bash", "-c", script, "gauntlet-watchdog", layout.data(), markFile(), mark));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(new File(layout.logs(), "watchdog.log")));
        builder.directory(new File("/"));
        Process started = builder.start();
        process = started;
        BufferedReader says =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        String first = CompletableFuture.supplyAsync(() -> readLine(says), writer)
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (!"ready".equals(first)) {
            throw new IOException("it ended at once; its log says why");
        }
        if (deadline.isPresent()) {
            write(started, "until " + deadline.getAsLong());
        }
        CompletableFuture<Void> unused = started.onExit().thenAcceptAsync(this::ended, writer);
    }

    private static @Nullable String readLine(BufferedReader reader) {
        try {
            return reader.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A watchdog that was killed by somebody is replaced. */
    private synchronized void ended(Process which) {
        if (which != process || closed) {
            return;
        }
        process = null;
        int status = which.exitValue();
        if (status == 3) {
            LOG.error("The watchdog has killed PostgreSQL: the lease's deadline had passed.");
            return;
        }
        LOG.warn("The watchdog has ended with status {}; another takes its place.", status);
        try {
            start();
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.error("The watchdog could not be replaced, which is tried again: {}", e.toString());
            retire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing is left of the server. */
    synchronized void unwatch() {
        retire();
    }

    /** Ends it at once: nothing is left for it to do, and whoever waits for a failover does not wait for it to read that. */
    private void retire() {
        Process last = process;
        process = null;
        if (last != null) {
            last.destroyForcibly();
        }
    }

    @Override
    public synchronized void lasts(long fenceAt, long endsAt) {
        deadline = clock.uptimeAt(fenceAt);
        if (deadline.isEmpty()) {
            throw new HaException("There is no /proc/uptime, by which the watchdog counts.");
        }
        Process current = process;
        if (current != null) {
            tell(current, "until " + deadline.getAsLong());
        }
    }

    @Override
    public synchronized void over() {
        deadline = OptionalLong.empty();
        Process current = process;
        if (current != null) {
            tell(current, "disarm");
        }
    }

    private void tell(Process whom, String what) {
        try {
            write(whom, what);
        } catch (IOException e) {
            LOG.warn("The watchdog does not listen and is replaced: {}", e.toString());
            // Its end brings another into its place.
            whom.destroyForcibly();
        }
    }

    private void write(Process whom, String line) throws IOException {
        CompletableFuture<Void> written = CompletableFuture.runAsync(
                () -> {
                    try {
                        OutputStream in = whom.getOutputStream();
                        in.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
                        in.flush();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                writer);
        try {
            written.get(TELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("it has not read for " + TELL.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The process that watches now. */
    synchronized OptionalLong pid() {
        return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
    }

    /** Lets the watchdog go on by itself: it is disarmed only if it has been told so before. */
    @Override
    public synchronized void close() {
        closed = true;
        Process last = process;
        if (last != null) {
            try {
                last.getOutputStream().close();
            } catch (IOException e) {
                LOG.trace("a watchdog that has ended already", e);
            }
        }
        writer.shutdown();
    }
}
