package io.github.pggauntlet.strategy.drbd;

import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.Host;
import io.github.pggauntlet.strategy.host.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the kernel is asked for beside DRBD itself. */
final class Kernel {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What DRBD 8.4 says when it begins to take over what it lacks ({@code drbd_worker.c}). */
    private static final String RESYNC = "Began resync as SyncTarget";

    private final Host host;

    Kernel(Host host) {
        this.host = host;
    }

    /** What it has said of resyncs to this machine since it booted, the latest last. */
    List<String> resyncs() throws InterruptedException {
        return host.run(Command.of(LIMIT, "dmesg"))
                .orFail()
                .output()
                .lines()
                .filter(line -> line.contains(RESYNC))
                .map(String::strip)
                .toList();
    }

    /** Ends this machine at once. Nothing is flushed: whatever still uses the disk must not use it any more. */
    void fall() {
        try {
            Files.writeString(Path.of("/proc/sysrq-trigger"), "b");
        } catch (IOException e) {
            throw new HostException("This machine cannot be made to go down: " + e.getMessage(), e);
        }
    }
}
