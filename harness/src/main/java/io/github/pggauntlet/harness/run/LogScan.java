package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.rule.LogRule;
import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.harness.history.RunEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the PostgreSQL logs among those that were collected, and records what in them should not be. */
final class LogScan {

    /** By what the names of PostgreSQL's logs begin with, whatever the strategy. */
    private static final String POSTGRES = "postgres";

    private static final String LOGS = "log";

    private final Recording recording;
    private final LogRule rule = LogRule.ofPostgres();

    LogScan(Recording recording) {
        this.recording = recording;
    }

    /** Reads all there are; a member whose logs could not be had is left out. */
    void scan() {
        Path nodes = recording.folder().nodes();
        try (Stream<Path> members = Files.list(nodes)) {
            for (Path member : members.filter(Files::isDirectory).sorted().toList()) {
                for (Path log : logs(member)) {
                    scan(member.getFileName().toString(), log);
                }
            }
        } catch (IOException e) {
            throw new RecordingException("The logs in " + nodes + " cannot be read: " + e + ".", e);
        }
    }

    private static List<Path> logs(Path member) throws IOException {
        try (Stream<Path> files = Files.walk(member)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith(POSTGRES))
                    .filter(file ->
                            file.getName(file.getNameCount() - 2).toString().equals(LOGS))
                    .sorted()
                    .toList();
        }
    }

    private void scan(String member, Path log) throws IOException {
        long number = 0;
        // What a server that was killed has written last need not be a character.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (rule.forbids(line)) {
                    recording
                            .events()
                            .append(new RunEvent.LogLine(recording.clock().nanos(), member, number, line));
                }
            }
        }
        recording.events().append(new RunEvent.LogRead(recording.clock().nanos(), member, number));
    }
}
