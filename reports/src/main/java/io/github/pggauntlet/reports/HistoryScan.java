package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.history.DamagedRunException;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.harness.history.TimeAnchor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Goes through {@code history.jsonl} once and keeps nothing, so that a report of a long run takes no more memory than one of
 * a short run. Damage other than a torn last line ends it.
 */
final class HistoryScan {

    private static final String FORMAT = "pg-gauntlet history";
    private static final String VERSION = "1";
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final JsonFactory factory = new JsonFactory();
    private final Map<String, String> fields = new HashMap<>();
    // A million operations name the same few members: keep each text once.
    private final Map<String, String> texts = new HashMap<>();

    private HistoryScan(Path file) {
        this.file = file;
    }

    /**
     * What a scan has found beside the operations.
     *
     * @param anchor how the run's time relates to the wall clock
     * @param torn whether the last line was incomplete, and so left out
     */
    record Result(TimeAnchor anchor, boolean torn) {}

    /**
     * Hands all operations to {@code operations}, in the order in which they were recorded.
     *
     * @throws DamagedRunException if the record is missing, or damaged other than by a torn last line
     */
    static Result scan(Path file, Consumer<Operation> operations) {
        return new HistoryScan(file).scan(operations);
    }

    private Result scan(Consumer<Operation> operations) {
        try (Lines in = new Lines(new BufferedInputStream(Files.newInputStream(file), BUFFER));
                JsonParser parser = factory.createParser(ObjectReadContext.empty(), in)) {
            return scan(parser, in, operations);
        } catch (NoSuchFileException e) {
            throw new DamagedRunException(file + " does not exist.", e);
        } catch (IOException e) {
            throw new DamagedRunException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private Result scan(JsonParser parser, Lines in, Consumer<Operation> operations) {
        @Nullable TimeAnchor anchor = null;
        try {
            while (parser.nextToken() != null) {
                readObject(parser);
                if (anchor == null) {
                    anchor = header();
                } else {
                    operations.accept(operation());
                }
            }
        } catch (JacksonException e) {
            // All that was read is one line without an end: its writer was killed in the midst of it.
            if (anchor != null && in.endedWithinLine() && in.lines() < line(e)) {
                return new Result(anchor, true);
            }
            throw damaged(line(e), "this is not JSON: " + e.getOriginalMessage() + ".", e);
        } catch (IllegalArgumentException e) {
            throw damaged(parser.currentLocation().getLineNr(), String.valueOf(e.getMessage()), e);
        }
        if (anchor == null) {
            throw new DamagedRunException(file + " is empty.");
        }
        return new Result(anchor, false);
    }

    private void readObject(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("this is not a JSON object.");
        }
        fields.clear();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (value.isScalarValue()) {
                fields.put(name, parser.getString());
            } else {
                parser.skipChildren();
            }
        }
    }

    private TimeAnchor header() {
        if (!text("format", "").equals(FORMAT)) {
            throw new IllegalArgumentException("this is not a record of the kind '" + FORMAT + "'.");
        }
        if (!text("version").equals(VERSION)) {
            throw new IllegalArgumentException("the record has format version " + text("version")
                    + "; this program reads version " + VERSION + ".");
        }
        try {
            return new TimeAnchor(Instant.parse(text("startedAt")));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the field 'startedAt' is not an instant.", e);
        }
    }

    private Operation operation() {
        String op = text("op");
        return switch (op) {
            case "write" ->
                new Operation.Write(
                        number("id"),
                        (int) number("session"),
                        oneOf(SessionKind.class, "kind"),
                        number("key"),
                        (int) number("keys"),
                        number("invoked"),
                        number("completed"),
                        oneOf(Outcome.class, "outcome"),
                        once(text("sqlstate", "")),
                        once(text("node")),
                        (int) number("timeline"),
                        text("detail", ""));
            case "read" ->
                new Operation.Read(
                        once(text("node")),
                        oneOf(Occasion.class, "occasion"),
                        number("invoked"),
                        number("completed"),
                        (int) number("timeline"),
                        Boolean.parseBoolean(text("proven")),
                        KeySet.parse(text("keys")),
                        number("foreignRows"),
                        number("rows"),
                        text("digest"),
                        text("detail", ""));
            // What it did is left out: a report shows when it ran and how it ended, checkers tell the rest.
            case "transaction" ->
                new Operation.Transaction(
                        number("id"),
                        (int) number("session"),
                        number("invoked"),
                        number("completed"),
                        oneOf(Outcome.class, "outcome"),
                        once(text("sqlstate", "")),
                        once(text("node")),
                        (int) number("timeline"),
                        List.of(),
                        text("detail", ""));
            default -> throw new IllegalArgumentException("there is no operation '" + op + "'.");
        };
    }

    private String text(String name) {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the field '" + name + "' is missing.");
        }
        return value;
    }

    private String text(String name, String otherwise) {
        return fields.getOrDefault(name, otherwise);
    }

    private long number(String name) {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the field '" + name + "' is not a whole number.", e);
        }
    }

    private <E extends Enum<E>> E oneOf(Class<E> type, String name) {
        return Enum.valueOf(type, text(name).toUpperCase(Locale.ROOT));
    }

    private String once(String text) {
        return texts.computeIfAbsent(text, same -> same);
    }

    private static int line(JacksonException e) {
        @Nullable TokenStreamLocation location = e.getLocation();
        return location == null ? 0 : location.getLineNr();
    }

    private DamagedRunException damaged(int line, String what, Exception cause) {
        return new DamagedRunException(file + ", line " + line + ": " + what, cause);
    }

    /** Counts the line ends that pass. */
    private static final class Lines extends java.io.FilterInputStream {

        private int lines;
        private boolean ended;
        private int last = '\n';

        Lines(InputStream in) {
            super(in);
        }

        int lines() {
            return lines;
        }

        /** Whether the file has been read to its end and this is not the end of a line. */
        boolean endedWithinLine() {
            return ended && last != '\n';
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b < 0) {
                ended = true;
            } else {
                saw(b);
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            for (int i = from; i < from + count; i++) {
                saw(bytes[i]);
            }
            ended |= count < 0;
            return count;
        }

        private void saw(int b) {
            last = b;
            if (b == '\n') {
                lines++;
            }
        }
    }
}
