package io.github.pggauntlet.scenarios.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What is to be known of the machine before its figures are believed.
 *
 * @param cores the processors that this process may use
 * @param load the load average over the last minute; negative where the system does not tell
 * @param busy the share of all processors' time that was used just now, while nothing was measured; empty where the system
 *     does not tell
 * @param containers how many containers were running
 */
public record MachineFacts(int cores, double load, OptionalDouble busy, int containers) {

    private static final Path STAT = Path.of("/proc/stat");
    private static final long LOOK_MILLIS = 1000;
    private static final double QUIET_BUSY = 0.10;
    private static final double QUIET_LOAD = 0.25;
    private static final int IDLE = 4;
    private static final int WAITING = 5;

    /** The facts now. Takes a second, in which nothing is done. */
    public static MachineFacts now(DockerCli docker) throws InterruptedException {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        int containers = (int) docker.run("ps", "--quiet")
                .lines()
                .filter(line -> !line.isBlank())
                .count();
        return new MachineFacts(Runtime.getRuntime().availableProcessors(), load, busyNow(), containers);
    }

    private static OptionalDouble busyNow() throws InterruptedException {
        try {
            List<Long> before = ticks();
            Thread.sleep(LOOK_MILLIS);
            List<Long> after = ticks();
            long all = sum(after) - sum(before);
            long idle = after.get(IDLE - 1) + after.get(WAITING - 1) - before.get(IDLE - 1) - before.get(WAITING - 1);
            return all > 0 ? OptionalDouble.of(1 - (double) idle / all) : OptionalDouble.empty();
        } catch (IOException | RuntimeException e) {
            return OptionalDouble.empty();
        }
    }

    private static List<Long> ticks() throws IOException {
        try (var lines = Files.lines(STAT)) {
            String cpu = lines.findFirst().orElse("");
            // user nice system idle iowait irq softirq steal; what follows is contained in the first two.
            return Arrays.stream(cpu.trim().split("\\s+"))
                    .skip(1)
                    .limit(8)
                    .map(Long::valueOf)
                    .toList();
        }
    }

    private static long sum(List<Long> ticks) {
        return ticks.stream().mapToLong(Long::longValue).sum();
    }

    /** Whether the machine seems to do nothing else. */
    boolean quiet() {
        return load < QUIET_LOAD * cores && busy.orElse(0) < QUIET_BUSY && containers == 0;
    }

    /** Prints the facts, and a warning when the machine is not quiet. */
    public void print(PrintWriter out) {
        out.println(String.format(
                Locale.ROOT,
                "machine: %d cores; load average %.2f; %s; %s running",
                cores,
                load,
                busy.isPresent()
                        ? String.format(Locale.ROOT, "%.0f %% of its time in use", 100 * busy.getAsDouble())
                        : "time in use unknown",
                containers == 1 ? "1 container" : containers + " containers"));
        if (!quiet()) {
            out.println(
                    "WARNING: the machine is not quiet. Trust the ratios rather than the figures, and neither much.");
        }
        out.flush();
    }
}
