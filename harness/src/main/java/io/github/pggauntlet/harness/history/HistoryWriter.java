package io.github.pggauntlet.harness.history;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Records operations in {@code history.jsonl} as they complete.
 *
 * <p>Each line is with the operating system at most 100 ms after its operation was appended, so a harness that is killed
 * leaves a readable record that lacks at most that much and whose last line may be torn. Safe for use by several threads.
 */
public final class HistoryWriter implements AutoCloseable {

    private final JsonLinesWriter lines;

    private HistoryWriter(JsonLinesWriter lines) {
        this.lines = lines;
    }

    /**
     * Creates the file, or empties it, and writes its first line.
     *
     * @throws RecordingException if that is not possible
     */
    public static HistoryWriter create(Path file, TimeAnchor anchor) {
        return startOn(JsonLinesWriter.create(file), anchor);
    }

    static HistoryWriter startOn(JsonLinesWriter lines, TimeAnchor anchor) {
        lines.append(line -> new Header(anchor).encode(line, Header.HISTORY));
        lines.flush();
        return new HistoryWriter(lines);
    }

    /**
     * Records an operation.
     *
     * @throws RecordingException if this operation or an earlier one could not be written: the run should end
     */
    public void append(Operation operation) {
        if (operation instanceof Operation.Write write) {
            lines.append(line -> encode(write, line));
        } else if (operation instanceof Operation.Read read) {
            lines.append(line -> encode(read, line));
        } else if (operation instanceof Operation.Transaction transaction) {
            lines.append(line -> encode(transaction, line));
        }
    }

    /**
     * Hands everything to the operating system.
     *
     * @throws RecordingException if something could not be written
     */
    public void flush() {
        lines.flush();
    }

    /** Why nothing more can be recorded, if that is so. */
    public Optional<RecordingException> failure() {
        return lines.failure();
    }

    /**
     * Completes the file. Does nothing the second time.
     *
     * @throws RecordingException if something could not be written
     */
    @Override
    public void close() {
        lines.close();
    }

    private static void encode(Operation.Write write, LineEncoder line) {
        line.begin()
                .put("op", "write")
                .put("id", write.id())
                .put("session", write.session())
                .put("kind", lower(write.kind()))
                .put("key", write.firstKey())
                .put("keys", write.keys())
                .put("invoked", write.invoked())
                .put("completed", write.completed())
                .put("outcome", lower(write.outcome()))
                .putUnlessEmpty("sqlstate", write.sqlState())
                .put("node", write.node())
                .put("timeline", write.timeline())
                .putUnlessEmpty("detail", write.detail())
                .end();
    }

    private static void encode(Operation.Read read, LineEncoder line) {
        line.begin()
                .put("op", "read")
                .put("node", read.node())
                .put("occasion", lower(read.occasion()))
                .put("invoked", read.invoked())
                .put("completed", read.completed())
                .put("timeline", read.timeline())
                .put("proven", read.proven())
                .put("rows", read.rows())
                .put("foreignRows", read.foreignRows())
                .put("digest", read.digest())
                .putUnlessEmpty("detail", read.detail())
                .put("keys", read.keys().toString())
                .end();
    }

    private static void encode(Operation.Transaction transaction, LineEncoder line) {
        line.begin()
                .put("op", "transaction")
                .put("id", transaction.id())
                .put("session", transaction.session())
                .put("invoked", transaction.invoked())
                .put("completed", transaction.completed())
                .put("outcome", lower(transaction.outcome()))
                .putUnlessEmpty("sqlstate", transaction.sqlState())
                .put("node", transaction.node())
                .put("timeline", transaction.timeline())
                .beginArray("accesses");
        transaction.accesses().forEach(access -> AccessLine.encode(access, line));
        line.endArray().putUnlessEmpty("detail", transaction.detail()).end();
    }

    private static String lower(Enum<?> value) {
        // A handful of short-lived strings a line; interning them is not worth a map.
        return value.name().toLowerCase(Locale.ROOT);
    }
}
