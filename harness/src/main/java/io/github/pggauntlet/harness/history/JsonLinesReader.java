package io.github.pggauntlet.harness.history;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a file of JSON Lines. A last line without an end is what a killed writer leaves behind: it is left out unless it is
 * complete. Anything else that is wrong ends the reading.
 */
final class JsonLinesReader {

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final JsonMapper mapper = new JsonMapper();
    private long line;

    private JsonLinesReader(Path file) {
        this.file = file;
    }

    /**
     * Hands the lines to {@code header} and {@code body} in order.
     *
     * @throws DamagedRunException if the file cannot be read, or a line cannot be understood
     */
    static void read(Path file, Consumer<Fields> header, Consumer<Fields> body) {
        new JsonLinesReader(file).read(header, body);
    }

    private void read(Consumer<Fields> header, Consumer<Fields> body) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            Line text = new Line();
            while (true) {
                boolean ended = text.readFrom(in);
                if (!ended && text.size() == 0) {
                    break;
                }
                line++;
                if (!ended && !isComplete(text)) {
                    break;
                }
                accept(text, line == 1 ? header : body);
            }
            if (line == 0) {
                throw new DamagedRunException(file + " is empty.");
            }
        } catch (NoSuchFileException e) {
            throw new DamagedRunException(file + " does not exist.", e);
        } catch (IOException e) {
            throw new DamagedRunException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private void accept(Line text, Consumer<Fields> consumer) {
        try {
            consumer.accept(new Fields(mapper.readTree(text.bytes(), 0, text.size())));
        } catch (JacksonException e) {
            throw DamagedRunException.at(file, line, "this is not JSON: " + e.getOriginalMessage() + ".", e);
        } catch (IllegalArgumentException e) {
            throw DamagedRunException.at(file, line, String.valueOf(e.getMessage()), e);
        }
    }

    /** A torn line has lost at least its closing brace, so it cannot be complete JSON. The header must be whole. */
    private boolean isComplete(Line text) {
        try {
            return mapper.readTree(text.bytes(), 0, text.size()).isObject();
        } catch (JacksonException e) {
            if (line == 1) {
                throw DamagedRunException.at(file, line, "the record ends in the midst of its first line.", e);
            }
            return false;
        }
    }

    /** One line's bytes; reused for all lines. */
    private static final class Line extends ByteArrayOutputStream {

        /** Reads to the end of the line; false if the file ends first. */
        boolean readFrom(InputStream in) throws IOException {
            reset();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    return true;
                }
                write(b);
            }
            return false;
        }

        byte[] bytes() {
            return buf;
        }
    }
}
