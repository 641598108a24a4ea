package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A journal in a file of JSON lines, which outlives the agent and its machine. The latest entries are kept in memory.
 *
 * <p>Only the first entry of each opening waits for the disk: an agent that has to fence cannot wait for one that is slow. What
 * a loss of power takes may have been read by somebody, who would then miss whatever comes under the same numbers; so each
 * opening begins with a number beyond all that an earlier one can have given away.
 */
final class FileJournal implements Journal, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
    private static final int KEPT = 4000;

    /** More entries than are recorded between two openings. */
    private static final long NUMBERS = 1_000_000;

    private final String member;
    private final JsonMapper json;
    private final FileChannel channel;
    private final Writer out;
    private final List<JournalEntry> entries = new ArrayList<>();
    private long last;
    private boolean first = true;

    FileJournal(Path file, String member, JsonMapper json) {
        this.member = member;
        this.json = json;
        try {
            if (Files.exists(file)) {
                load(file);
                last = last == 0 ? 0 : (last / NUMBERS + 1) * NUMBERS;
            }
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            this.out = Channels.newWriter(channel, UTF_8);
            // A line that a crash has torn stays alone on its line.
            out.write("\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The journal " + file + " cannot be opened.", e);
        }
    }

    private void load(Path file) throws IOException {
        // Not line by line through a reader, which gives up at the first byte that is no text.
        for (String line : new String(Files.readAllBytes(file), UTF_8).split("\n")) {
            if (!line.isBlank()) {
                read(line).ifPresentOrElse(this::keep, () -> {
                    LOG.warn("A torn line of the journal is left out: {}", line);
                    last++;
                });
            }
        }
    }

    private Optional<JournalEntry> read(String line) {
        try {
            return Optional.ofNullable(json.readValue(line, JournalEntry.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private void keep(JournalEntry entry) {
        last = Math.max(last, entry.sequence());
        entries.add(entry);
        if (entries.size() > 2 * KEPT) {
            entries.subList(0, KEPT).clear();
        }
    }

    @Override
    public synchronized void record(Milestone milestone, Map<String, String> details) {
        JournalEntry entry = new JournalEntry(last + 1, Instant.now(), member, milestone, details);
        LOG.info("{} {}", milestone, details);
        try {
            out.write(json.writeValueAsString(entry));
            out.write("\n");
            out.flush();
            if (first) {
                channel.force(true);
            }
        } catch (IOException e) {
            // A full disk must not keep an agent from fencing or from following.
            LOG.error("The journal could not be written: {}", e.getMessage());
        }
        first = false;
        keep(entry);
    }

    @Override
    public synchronized List<JournalEntry> after(long sequence) {
        return entries.stream()
                .filter(entry -> entry.sequence() > sequence)
                .limit(KEPT)
                .toList();
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            LOG.warn("The journal could not be closed: {}", e.getMessage());
        }
    }
}
