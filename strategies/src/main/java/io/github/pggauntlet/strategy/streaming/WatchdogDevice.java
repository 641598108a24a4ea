package io.github.pggauntlet.strategy.streaming;

import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.Safeguards;
import io.github.pggauntlet.strategy.Safeguards.WatchdogUse;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watchdog of the machine's kernel: once opened it resets the machine unless it is written to every so often, also when
 * everything else on the machine has stopped (Linux kernel documentation, {@code watchdog/watchdog-api}). Opened before the
 * lease is asked for, fed with each renewal, and told that all is well by a {@code V} only when nothing is left that could
 * acknowledge a write.
 *
 * <p>A renewal feeds it only if the machine would be reset before the lease that was renewed can end. So the device's
 * timeout has to be shorter than the lease; setting it is the operator's business, since Java cannot.
 */
final class WatchdogDevice implements LeaseWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(WatchdogDevice.class);
    private static final Path KERNEL = Path.of("/sys/class/watchdog");
    private static final byte[] ALIVE = {'1'};
    private static final byte[] ALL_IS_WELL = {'V'};

    private final Safeguards wanted;
    private final Duration lease;
    private final Path kernel;
    private final AgentClock clock;
    private @Nullable OutputStream device;
    private long timeout;

    /**
     * @param wanted which device, and whether it is needed
     * @param lease how long a lease lasts
     * @param clock what leases are counted by
     */
    WatchdogDevice(Safeguards wanted, Duration lease, AgentClock clock) {
        this(wanted, lease, KERNEL, clock);
    }

    /** @param kernel where the kernel tells of its watchdogs */
    WatchdogDevice(Safeguards wanted, Duration lease, Path kernel, AgentClock clock) {
        this.wanted = wanted;
        this.lease = lease;
        this.kernel = kernel;
        this.clock = clock;
    }

    /**
     * Opens the device: from now on it must be fed.
     *
     * @throws HaException if that is required and not possible; the member must not become primary then
     */
    synchronized void arm() {
        if (wanted.watchdog() == WatchdogUse.OFF || device != null) {
            return;
        }
        Optional<String> hindrance = open();
        if (hindrance.isPresent()) {
            String why = "The watchdog " + wanted.watchdogDevice() + " cannot be used: " + hindrance.get();
            if (wanted.watchdog() == WatchdogUse.REQUIRED) {
                throw new HaException(why + " It is required, so this member does not become primary.");
            }
            LOG.warn("{} This member does without.", why);
        }
    }

    private Optional<String> open() {
        Optional<Duration> waits = wanted.watchdogTimeout().or(this::timeoutOfKernel);
        if (waits.isEmpty()) {
            return Optional.of("the kernel does not tell its timeout; say it in the configuration.");
        }
        if (waits.get().compareTo(lease) >= 0) {
            return Optional.of(
                    "it would reset the machine only after " + waits.get().toMillis() + " ms, and a lease lasts "
                            + lease.toMillis() + " ms; give it a shorter timeout.");
        }
        try {
            // No new file where there is no device.
            if (!Files.exists(Path.of(wanted.watchdogDevice()))) {
                return Optional.of("there is no such device.");
            }
            device = new FileOutputStream(wanted.watchdogDevice());
            timeout = waits.get().toNanos();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage() + ".");
        }
    }

    private Optional<Duration> timeoutOfKernel() {
        String name = String.valueOf(Path.of(wanted.watchdogDevice()).getFileName());
        // The old name of the first one.
        Path file = kernel.resolve(name.equals("watchdog") ? "watchdog0" : name).resolve("timeout");
        try {
            return Optional.of(
                    Duration.ofSeconds(Long.parseLong(Files.readString(file).strip())));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void lasts(long fenceAt, long endsAt) {
        if (device != null && clock.nanos() + timeout - endsAt <= 0) {
            write(ALIVE);
        }
    }

    @Override
    public synchronized void over() {
        if (device == null) {
            return;
        }
        write(ALL_IS_WELL);
        try {
            if (device != null) {
                device.close();
            }
        } catch (IOException e) {
            LOG.warn("The watchdog {} could not be closed: {}", wanted.watchdogDevice(), e.getMessage());
        }
        device = null;
    }

    /** An earlier life of the agent may have left the device armed, and nothing is left that it guarded. */
    synchronized void standDown() {
        if (wanted.watchdog() != WatchdogUse.OFF && open().isEmpty()) {
            over();
        }
    }

    private void write(byte[] what) {
        OutputStream open = device;
        if (open == null) {
            return;
        }
        try {
            open.write(what);
        } catch (IOException e) {
            LOG.error("The watchdog {} could not be fed: {}", wanted.watchdogDevice(), e.getMessage());
        }
    }
}
