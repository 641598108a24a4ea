package io.github.pggauntlet.strategy.ucarp;

import io.github.pggauntlet.strategy.HaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Keeps a {@link Ledger} on disk: what has been written is there after a crash. For use by one thread at a time. */
final class LedgerFile {

    private final Path file;
    private final JsonMapper json;

    LedgerFile(Path file, JsonMapper json) {
        this.file = file;
        this.json = json;
    }

    /** What is there, or an empty ledger. */
    Ledger read() {
        try {
            return json.readValue(Files.readAllBytes(file), Ledger.class);
        } catch (NoSuchFileException e) {
            return Ledger.empty();
        } catch (IOException | JacksonException e) {
            // Taken for empty it might let a machine be promoted that must not be.
            throw new HaException("The machine's ledger " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes it, for good, in one move. */
    void write(Ledger ledger) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(json.writeValueAsBytes(ledger));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        } catch (IOException e) {
            throw new HaException("The machine's ledger " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
