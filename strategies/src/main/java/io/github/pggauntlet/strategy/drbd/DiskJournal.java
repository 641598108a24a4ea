package io.github.pggauntlet.strategy.drbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A machine's journal, on its own disk, where it outlives the machine's power. Safe for use by several threads. */
final class DiskJournal {

    private final Path file;
    private final String member;
    private final Clock clock;
    private final List<JournalEntry> entries;

    private DiskJournal(Path file, String member, Clock clock, List<JournalEntry> entries) {
        this.file = file;
        this.member = member;
        this.clock = clock;
        this.entries = new ArrayList<>(entries);
    }

    /** Opens one; makes it if there is none. */
    static DiskJournal open(Path file, String member, Clock clock) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            DiskJournal journal =
                    new DiskJournal(file, member, clock, Lines.entries(Files.readAllLines(file, UTF_8), 0));
            // What the power cut off must not run into what follows.
            journal.append("\n");
            return journal;
        } catch (IOException e) {
            throw new UncheckedIOException("The journal " + file + " cannot be opened.", e);
        }
    }

    synchronized void add(Milestone milestone, Map<String, String> details) {
        long sequence = entries.isEmpty() ? 1 : entries.get(entries.size() - 1).sequence() + 1;
        JournalEntry entry = new JournalEntry(sequence, clock.instant(), member, milestone, details);
        append(Lines.of(entry) + "\n");
        entries.add(entry);
    }

    private void append(String line) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("The journal " + file + " cannot be written.", e);
        }
    }

    synchronized List<JournalEntry> after(long sequence) {
        return entries.stream().filter(entry -> entry.sequence() > sequence).toList();
    }
}
