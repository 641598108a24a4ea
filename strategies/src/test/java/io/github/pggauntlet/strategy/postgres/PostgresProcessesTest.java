package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresProcessesTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void findsAndKillsAllThatWorkInTheDirectoryAndNobodyElse() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path other = Files.createDirectory(directory.resolve("data2"));
        Process one = workIn(data);
        Process two = workIn(data);
        Process stranger = workIn(other);
        PostgresProcesses processes = new PostgresProcesses(data);

        assertThat(processes.list()).extracting(ProcessHandle::pid).containsExactlyInAnyOrder(one.pid(), two.pid());
        processes.kill(LIMIT);

        assertThat(processes.list()).isEmpty();
        assertThat(one.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(two.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stranger.isAlive()).isTrue();
    }

    /** A data directory may lie on a volume that a link leads to; the kernel names its real place. */
    @Test
    void aDirectoryBehindALinkIsTheSameDirectory() throws Exception {
        Path volume = Files.createDirectories(directory.resolve("volume/data"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("volume"));
        Process one = workIn(volume);

        assertThat(new PostgresProcesses(directory.resolve("link/data")).list())
                .extracting(ProcessHandle::pid)
                .containsExactly(one.pid());
    }

    /** Somebody removes the data directory under a running primary: its backends acknowledge on. */
    @Test
    void aDirectoryThatWasRemovedUnderItsProcessesStillHasThem() throws Exception {
        Path data = Files.createDirectory(directory.resolve("data"));
        Process one = workIn(data);
        PostgresProcesses processes = new PostgresProcesses(data);
        Files.delete(data);

        assertThat(processes.list()).extracting(ProcessHandle::pid).containsExactly(one.pid());
    }

    @Test
    void aDirectoryThatIsNotThereHasNoProcesses() {
        assertThat(new PostgresProcesses(directory.resolve("absent")).list()).isEmpty();
    }

    private Process workIn(Path where) throws IOException {
        Process process =
                new ProcessBuilder("sleep", "300").directory(where.toFile()).start();
        started.add(process);
        return process;
    }
}
