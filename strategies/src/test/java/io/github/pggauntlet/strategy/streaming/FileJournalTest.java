package io.github.pggauntlet.strategy.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.Milestone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileJournalTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("journal.jsonl");
    }

    @Test
    void whatIsRecordedIsReadAgain() {
        try (FileJournal journal = open()) {
            journal.record(Milestone.AGENT_STARTED);
            journal.record(Milestone.ELECTED, Map.of("term", "7"));
            assertThat(journal.after(0)).extracting(JournalEntry::sequence).containsExactly(1L, 2L);
        }
        try (FileJournal journal = open()) {
            assertThat(journal.after(0))
                    .extracting(JournalEntry::milestone)
                    .containsExactly(Milestone.AGENT_STARTED, Milestone.ELECTED);
            assertThat(journal.after(1)).singleElement().satisfies(entry -> {
                assertThat(entry.member()).isEqualTo("machine0");
                assertThat(entry.details()).containsExactly(Map.entry("term", "7"));
            });
            journal.record(Milestone.AGENT_STOPPED);
            assertThat(journal.after(2)).singleElement().satisfies(entry -> {
                assertThat(entry.sequence()).isGreaterThan(2);
                assertThat(journal.after(entry.sequence())).isEmpty();
            });
        }
    }

    /** Whoever had read the torn entry while it was whole must not miss the next one under its number. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 40})
    void aTornLineTakesNobodyWithItAndItsNumberIsNotUsedAgain(int cut) throws IOException {
        try (FileJournal journal = open()) {
            journal.record(Milestone.AGENT_STARTED);
            journal.record(Milestone.ELECTED);
        }
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - cut - 1));
        try (FileJournal journal = open()) {
            journal.record(Milestone.PROMOTED);
            assertThat(journal.after(2)).extracting(JournalEntry::milestone).containsExactly(Milestone.PROMOTED);
        }
        try (FileJournal journal = open()) {
            assertThat(journal.after(0))
                    .extracting(JournalEntry::milestone)
                    .contains(Milestone.AGENT_STARTED, Milestone.PROMOTED)
                    .doesNotContain(Milestone.ELECTED);
            assertThat(journal.after(0))
                    .extracting(JournalEntry::sequence)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    /** A loss of power takes what was not flushed, which somebody may have read: it must not miss what comes instead. */
    @Test
    void whatALossOfPowerTookIsNotTakenForWhatComesAfterIt() throws IOException {
        byte[] flushed;
        long seen;
        try (FileJournal journal = open()) {
            journal.record(Milestone.AGENT_STARTED);
            flushed = Files.readAllBytes(file);
            journal.record(Milestone.ELECTED);
            journal.record(Milestone.PROMOTED);
            seen = journal.after(0).get(2).sequence();
        }
        for (int loss = 0; loss < 3; loss++) {
            Files.write(file, flushed);
            try (FileJournal journal = open()) {
                journal.record(Milestone.AGENT_STARTED);
                flushed = Files.readAllBytes(file);
                journal.record(Milestone.REJOIN_PLANNED);
                assertThat(journal.after(seen))
                        .extracting(JournalEntry::milestone)
                        .containsExactly(Milestone.AGENT_STARTED, Milestone.REJOIN_PLANNED);
                seen = journal.after(seen).get(1).sequence();
            }
        }
    }

    /** A message of PostgreSQL in the words of its country, torn within a letter; or what a disk leaves after a power cut. */
    @Test
    void whatIsNoTextDoesNotKeepTheAgentFromStarting() throws IOException {
        try (FileJournal journal = open()) {
            journal.record(Milestone.AGENT_STARTED);
        }
        Files.write(file, new byte[] {'{', '"', (byte) 0xC3}, StandardOpenOption.APPEND);
        try (FileJournal journal = open()) {
            journal.record(Milestone.ELECTED);
        }
        Files.write(file, new byte[512], StandardOpenOption.APPEND);
        Files.write(file, "\nnull\n{}\n[1]\n".getBytes(UTF_8), StandardOpenOption.APPEND);
        try (FileJournal journal = open()) {
            journal.record(Milestone.PROMOTED);
            assertThat(journal.after(0))
                    .extracting(JournalEntry::milestone)
                    .containsExactly(Milestone.AGENT_STARTED, Milestone.ELECTED, Milestone.PROMOTED);
        }
    }

    @Test
    void detailsOfAnyKindStayOnOneLine() throws IOException {
        String hostile = "two\nlines \"quoted\" \\ ü \u2028";
        try (FileJournal journal = open()) {
            journal.record(Milestone.STEP_FAILED, Map.of("reason", hostile));
        }
        List<String> lines = Files.readAllLines(file, UTF_8).stream()
                .filter(line -> !line.isBlank())
                .toList();
        assertThat(lines).hasSize(1);
        try (FileJournal journal = open()) {
            assertThat(journal.after(0).get(0).details()).containsEntry("reason", hostile);
        }
    }

    @Test
    void atMostAFewThousandAreGivenAtOnceOldestFirstAndNoneIsSkipped() {
        try (FileJournal journal = open()) {
            for (int i = 0; i < 9000; i++) {
                journal.record(Milestone.STEP_FAILED);
            }
            List<JournalEntry> first = journal.after(5000);
            assertThat(first.get(0).sequence()).isEqualTo(5001);
            assertThat(first).hasSizeLessThanOrEqualTo(4000);
            assertThat(journal.after(8999)).singleElement().matches(entry -> entry.sequence() == 9000);
        }
    }

    private FileJournal open() {
        return new FileJournal(file, "machine0", AgentJson.mapper());
    }
}
