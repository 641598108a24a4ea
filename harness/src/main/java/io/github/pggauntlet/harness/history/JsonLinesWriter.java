package io.github.pggauntlet.harness.history;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines to a file. A line is with the operating system, and so outlives this process, at most
 * {@link #LONGEST_DELAY} after it was appended. Safe for use by several threads.
 *
 * <p>The first failure ends the writing: a record with a hole in its middle is worth less than one that is short. From then
 * on every call fails with the same exception, so the failure of a background flush reaches the next caller.
 */
final class JsonLinesWriter implements AutoCloseable {

    /** How long a line may wait in this process. */
    static final Duration LONGEST_DELAY = Duration.ofMillis(100);

    private static final int BUFFER = 64 * 1024;
    private static final long FLUSH_MILLIS = 50;
    private static final long CLOSE_SECONDS = 10;

    private final Path file;
    // Not a FileChannel: that one closes itself when a session is interrupted while it writes.
    private final OutputStream out;
    private final ScheduledExecutorService flusher;
    private final LineEncoder encoder = new LineEncoder(2 * BUFFER);
    private final Object lock = new Object();
    private @Nullable RecordingException failure;
    private boolean closed;

    private JsonLinesWriter(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
        this.flusher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "flush-" + file.getFileName());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Creates the file, or empties it.
     *
     * @throws RecordingException if that is not possible
     */
    static JsonLinesWriter create(Path file) {
        try {
            return start(file, new FileOutputStream(file.toFile()));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Writes to a stream that stands for the file. */
    @SuppressWarnings("FutureReturnValueIgnored") // what goes wrong in there is remembered, and told to the next caller
    static JsonLinesWriter start(Path file, OutputStream out) {
        JsonLinesWriter writer = new JsonLinesWriter(file, out);
        writer.flusher.scheduleWithFixedDelay(writer::flushQuietly, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        return writer;
    }

    /**
     * Appends one line.
     *
     * @param line writes one object into the encoder
     * @throws RecordingException if this line or an earlier one could not be written
     * @throws IllegalStateException if the writer is closed
     */
    void append(Consumer<LineEncoder> line) {
        synchronized (lock) {
            requireSound();
            if (closed) {
                throw new IllegalStateException("The record " + file + " is closed.");
            }
            int before = encoder.size();
            try {
                line.accept(encoder);
            } catch (RuntimeException e) {
                encoder.truncate(before);
                throw e;
            }
            encoder.endLine();
            if (encoder.size() >= BUFFER) {
                drain();
                requireSound();
            }
        }
    }

    /**
     * Hands everything to the operating system.
     *
     * @throws RecordingException if something could not be written
     */
    void flush() {
        synchronized (lock) {
            drain();
            requireSound();
        }
    }

    /** Why nothing more can be written, if that is so. */
    Optional<RecordingException> failure() {
        synchronized (lock) {
            return Optional.ofNullable(failure);
        }
    }

    /**
     * Flushes and closes. Does nothing the second time.
     *
     * @throws RecordingException if something could not be written
     */
    @Override
    public void close() {
        flusher.shutdownNow();
        synchronized (lock) {
            if (closed) {
                return;
            }
            drain();
            closed = true;
            try {
                out.close();
            } catch (IOException e) {
                remember(e);
            }
        }
        try {
            if (!flusher.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                throw new RecordingException(
                        "The record " + file + " is still being written after " + CLOSE_SECONDS + " s.",
                        new IllegalStateException("the flusher does not end"));
            }
        } catch (InterruptedException e) {
            // All is written; the flusher ends on its own.
            Thread.currentThread().interrupt();
        }
        synchronized (lock) {
            requireSound();
        }
    }

    private void flushQuietly() {
        synchronized (lock) {
            if (!closed) {
                drain();
            }
        }
    }

    private void drain() {
        if (failure != null || encoder.size() == 0) {
            return;
        }
        try {
            encoder.drainTo(out);
        } catch (IOException e) {
            remember(e);
        }
    }

    private void remember(IOException e) {
        if (failure == null) {
            failure = failed(file, e);
        }
    }

    private void requireSound() {
        RecordingException known = failure;
        if (known != null) {
            // A new one each time, so that each caller's stack is told.
            throw new RecordingException(String.valueOf(known.getMessage()), known);
        }
    }

    private static RecordingException failed(Path file, IOException e) {
        return new RecordingException(
                "The run cannot be recorded in " + file + ": " + e.getMessage()
                        + ". Make room or choose another folder with --out, and run again.",
                e);
    }
}
