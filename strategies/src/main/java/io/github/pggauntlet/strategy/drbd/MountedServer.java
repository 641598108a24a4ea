package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.drbd.TurnRules.Server;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import io.github.pggauntlet.strategy.postgres.ControlData;
import io.github.pggauntlet.strategy.postgres.PostgresProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The file system on the replicated disk, and the PostgreSQL on it. */
final class MountedServer {

    private static final Duration QUICK = Duration.ofSeconds(30);
    private static final Duration KILL = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final int PID_LINE = 0;
    private static final int STATE_LINE = 7;

    /** The state of a server that takes writes, as the postmaster writes it (PostgreSQL, {@code pidfile.h}). */
    private static final String READY = "ready";

    /**
     * Starts PostgreSQL. What an earlier life has left of itself is removed: nobody else can have mounted this disk. Each
     * start leads to a timeline of its own, by way of an archive that has nothing: what two machines write that have lost
     * each other can then be told apart, and never has the same name in an archive.
     */
    private static final String START = """
            set -e
            rm -f "$1/postmaster.pid"
            : >"$1/recovery.signal"
            chown postgres: "$1/recovery.signal"
            exec runuser -u postgres -- pg_ctl --pgdata="$1" --no-wait --log="$2" \\
              --options="-c cluster_name=$3" start
            """;

    private static final String STOP = """
            seconds=$2
            runuser -u postgres -- pg_ctl --pgdata="$1" --mode=fast --wait --timeout="$seconds" stop ||
              runuser -u postgres -- pg_ctl --pgdata="$1" --mode=immediate --wait --timeout="$seconds" stop
            """;

    private final Host host;
    private final String device;
    private final String mountPoint;
    private final Duration shutdown;
    private final PostgresProcesses processes;

    MountedServer(Host host, String device, String mountPoint, Duration shutdown) {
        this.host = host;
        this.device = device;
        this.mountPoint = mountPoint;
        this.shutdown = shutdown;
        this.processes = new PostgresProcesses(Path.of(data(mountPoint)));
    }

    /** Where the data directory lies below a mount point. */
    static String data(String mountPoint) {
        return mountPoint + "/data";
    }

    private String data() {
        return data(mountPoint);
    }

    boolean mounted() {
        try {
            return Files.readAllLines(Path.of("/proc/mounts")).stream()
                    .map(line -> line.split(" ", 3))
                    .anyMatch(field -> field.length > 1 && field[1].equals(mountPoint));
        } catch (IOException e) {
            throw new HostException("It cannot be seen what is mounted: " + e.getMessage(), e);
        }
    }

    /** The postmaster, while one runs. */
    OptionalLong postmaster() {
        List<String> said = postmasterFile();
        if (said.size() <= PID_LINE || !said.get(PID_LINE).strip().matches("\\d{1,9}")) {
            return OptionalLong.empty();
        }
        long pid = Long.parseLong(said.get(PID_LINE).strip());
        return processes.list().stream().anyMatch(process -> process.pid() == pid)
                ? OptionalLong.of(pid)
                : OptionalLong.empty();
    }

    private List<String> postmasterFile() {
        try {
            return Files.readAllLines(Path.of(data(), "postmaster.pid"));
        } catch (IOException e) {
            return List.of();
        }
    }

    Server server() {
        if (postmaster().isEmpty()) {
            // A postmaster that was killed leaves others behind, which end by themselves, or are made to.
            return processes.list().isEmpty() ? Server.NONE : Server.BUSY;
        }
        List<String> said = postmasterFile();
        boolean ready = said.size() > STATE_LINE && said.get(STATE_LINE).strip().equals(READY);
        return ready ? Server.READY : Server.BUSY;
    }

    /** Whether a postmaster is gone and others of its processes are not. */
    boolean orphaned() {
        return postmaster().isEmpty() && !processes.list().isEmpty();
    }

    void killOrphans() {
        processes.kill(KILL);
    }

    void mount() throws InterruptedException {
        host.run(Command.of(QUICK, "mkdir", "-p", mountPoint)).orFail();
        host.run(Command.of(QUICK, "mount", "-o", "noatime", device, mountPoint))
                .orFail();
    }

    /** @param member this machine's name: the settings lie on the disk that both have, and cannot tell it */
    void start(String log, String member) throws InterruptedException {
        host.run(Command.of(QUICK, "sh", "-c", START, "start", data(), log, member))
                .orFail();
        // pg_ctl does not wait for it; until it has written its file it cannot be told from one that has ended.
        long deadline = System.nanoTime() + QUICK.toNanos();
        while (postmaster().isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new HaException("PostgreSQL has not started within " + QUICK.toSeconds() + " s; its log, " + log
                        + ", says why.");
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    void stop() throws InterruptedException {
        String seconds = Long.toString(Math.max(1, shutdown.toSeconds()));
        host.run(Command.of(shutdown.multipliedBy(2).plus(QUICK), "sh", "-c", STOP, "stop", data(), seconds));
        processes.kill(KILL);
    }

    void unmount() throws InterruptedException {
        host.run(Command.of(QUICK, "umount", mountPoint)).orFail();
    }

    /** The timeline, as the control file has it once recovery is over. */
    Optional<ControlData> control() throws InterruptedException {
        try {
            return Optional.of(ControlData.parse(
                    host.run(new Command(List.of("pg_controldata", "--pgdata=" + data()), Map.of("LC_ALL", "C"), QUICK))
                            .orFail()
                            .output()));
        } catch (HostException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
