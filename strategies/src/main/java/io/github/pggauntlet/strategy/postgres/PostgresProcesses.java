package io.github.pggauntlet.strategy.postgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of a PostgreSQL server on this machine, found by their working directory, which for each of them is the
 * data directory. A postmaster that was killed leaves its backends behind for a while, and each of them may still finish
 * and acknowledge a commit; so none may be left before another member is promoted. Linux only.
 */
public final class PostgresProcesses {

    private static final Path PROC = Path.of("/proc");
    private static final String REMOVED = " (deleted)";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

    private final Path data;

    /** @param data the data directory */
    public PostgresProcesses(Path data) {
        this.data = data;
    }

    /** The processes there are now. */
    public List<ProcessHandle> list() {
        List<ProcessHandle> found = new ArrayList<>();
        Set<Path> places = places();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (worksIn(process, places)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The processes of this machine cannot be listed in " + PROC + ".", e);
        }
        return found;
    }

    /**
     * What the kernel may call the data directory as a working directory: by its real place, whatever links lead there,
     * and with a mark of its own once it has been removed. Processes work on in a directory that was removed.
     */
    private Set<Path> places() {
        Path real = data;
        try {
            real = data.toRealPath();
        } catch (IOException e) {
            // It is not there; but its processes may be.
            try {
                real = Objects.requireNonNull(data.toAbsolutePath().getParent())
                        .toRealPath()
                        .resolve(data.getFileName());
            } catch (IOException unreadable) {
                real = data;
            }
        }
        return Set.of(real, Path.of(real + REMOVED));
    }

    private static boolean worksIn(Path process, Set<Path> places) {
        try {
            return places.contains(Files.readSymbolicLink(process.resolve("cwd")));
        } catch (IOException e) {
            // It has ended meanwhile, or belongs to another user and so is none of ours.
            return false;
        }
    }

    /**
     * Kills all of them and waits until none is left. Does not react to interruption: a fence that is half up is none.
     *
     * @param limit how long to wait for their end
     * @throws IllegalStateException if some are still there then, as a process stuck in the kernel is
     */
    public void kill(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<ProcessHandle> left = list();
        while (!left.isEmpty()) {
            left.forEach(ProcessHandle::destroyForcibly);
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The PostgreSQL processes "
                        + left.stream().map(ProcessHandle::pid).toList() + " in " + data
                        + " did not end within " + limit.toMillis() + " ms of being killed.");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            left = list();
        }
    }
}
