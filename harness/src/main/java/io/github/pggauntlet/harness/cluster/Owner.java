package io.github.pggauntlet.harness.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process, told apart from a later one with the same id.
 *
 * @param host the name of the machine it runs on
 * @param pid its process id
 * @param started when it started: milliseconds since the machine's boot where the kernel tells, else since 1970. Only
 *     ever compared for equality. (The wall-clock start that Java reports moves when the clock is set.)
 * @param realm the boot of that machine and the process-id namespace in which {@code pid} counts
 */
record Owner(String host, long pid, long started, String realm) {

    private static final Pattern TEXT = Pattern.compile("(.+):(\\d+):(\\d+)");
    private static final Path PROC = Path.of("/proc");
    private static final int START_TIME_FIELD = 22;
    // The kernel reports it in hundredths of a second to user space, whatever it counts in itself.
    private static final long MILLIS_PER_TICK = 10;

    /** This process. */
    static Owner self() {
        ProcessHandle self = ProcessHandle.current();
        return new Owner(hostName(), self.pid(), startOf(self).orElse(0), currentRealm());
    }

    /** As it stands in a label. */
    String text() {
        return host + ":" + pid + ":" + started;
    }

    static Optional<Owner> parse(String text, String realm) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Owner(
                    matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)), realm));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether it can be said from {@code here} if this process lives: same machine, same boot, same namespace. */
    boolean visibleFrom(Owner here) {
        return host.equals(here.host) && realm.equals(here.realm);
    }

    /** Whether a process with this id that started at the same instant runs. Only meaningful where it is visible. */
    boolean alive() {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return false;
        }
        // When the start cannot be told, it is taken for the same process: nothing of a live one may be removed.
        OptionalLong start = startOf(process.get());
        return start.isEmpty() || start.getAsLong() == started;
    }

    private static OptionalLong startOf(ProcessHandle process) {
        try {
            String stat =
                    Files.readString(PROC.resolve(Long.toString(process.pid())).resolve("stat"));
            // The second field, the program's name in parentheses, may itself contain blanks and parentheses.
            String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return OptionalLong.of(Long.parseLong(rest[START_TIME_FIELD - 3]) * MILLIS_PER_TICK);
        } catch (IOException | RuntimeException e) {
            return process.info().startInstant().stream()
                    .mapToLong(java.time.Instant::toEpochMilli)
                    .findFirst();
        }
    }

    private static String hostName() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/hostname")).strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "unknown";
            }
        }
    }

    private static String currentRealm() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip() + "/"
                    + Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
        } catch (IOException e) {
            return "unknown";
        }
    }
}
