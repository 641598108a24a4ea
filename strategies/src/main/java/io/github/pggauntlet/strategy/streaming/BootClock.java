package io.github.pggauntlet.strategy.streaming;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clock that goes on while the machine sleeps, as a lease does.
 *
 * <p>{@link System#nanoTime()} is Linux's {@code CLOCK_MONOTONIC}, which stands still during suspend (clock_gettime(2));
 * {@code /proc/uptime} is {@code CLOCK_BOOTTIME}, which does not, in hundredths of a second. This clock says the later of
 * both: fine as long as nobody sleeps, and ahead of the fine one by at most a hundredth of a second. Being ahead is the
 * safe side: a lease ends earlier. Safe for use by several threads.
 */
final class BootClock implements AgentClock {

    private static final Logger LOG = LoggerFactory.getLogger(BootClock.class);
    private static final String UPTIME = "/proc/uptime";
    private static final int LONGEST = 64;
    private static final long NANOS_PER_HUNDREDTH = 10_000_000;

    private final LongSupplier fine;
    private final Supplier<OptionalLong> uptime;
    private final long offset;
    private final boolean sleepless;

    /**
     * @param fine nanoseconds that only ever grow, and stand still while the machine sleeps
     * @param uptime hundredths of a second since the machine's boot, sleep included; empty if that cannot be told
     */
    BootClock(LongSupplier fine, Supplier<OptionalLong> uptime) {
        this.fine = fine;
        this.uptime = uptime;
        long now = fine.getAsLong();
        OptionalLong up = uptime.get();
        this.sleepless = up.isPresent();
        this.offset = now - up.orElse(0) * NANOS_PER_HUNDREDTH;
    }

    /** The clock of this machine. Where there is no {@code /proc/uptime} it does not count sleep, and says so. */
    static BootClock ofThisMachine() {
        BootClock clock = new BootClock(System::nanoTime, new UptimeFile());
        if (!clock.sleepless) {
            LOG.warn(
                    "There is no {} on this machine, so leases are timed by a clock that may stand still while the"
                            + " machine sleeps: do not let it be suspended.",
                    UPTIME);
        }
        return clock;
    }

    @Override
    public long nanos() {
        long now = fine.getAsLong();
        OptionalLong up = sleepless ? uptime.get() : OptionalLong.empty();
        if (up.isEmpty()) {
            return now;
        }
        long booted = offset + up.getAsLong() * NANOS_PER_HUNDREDTH;
        return booted - now > 0 ? booted : now;
    }

    /**
     * What {@code /proc/uptime} will say, in whole hundredths of a second, when this clock says {@code nanos}; rounded down.
     *
     * @return empty if there is no such file
     */
    OptionalLong uptimeAt(long nanos) {
        OptionalLong up = sleepless ? uptime.get() : OptionalLong.empty();
        return up.isEmpty()
                ? up
                : OptionalLong.of(up.getAsLong() + Math.floorDiv(nanos - nanos(), NANOS_PER_HUNDREDTH));
    }

    /**
     * Kept open: it is read many times a second, and a machine short of files must not lose its sense of time. Not by a
     * channel, which an interrupted thread would close for everybody.
     */
    private static final class UptimeFile implements Supplier<OptionalLong> {

        private final @Nullable RandomAccessFile file;

        UptimeFile() {
            RandomAccessFile opened = null;
            try {
                opened = new RandomAccessFile(UPTIME, "r");
            } catch (IOException e) {
                LOG.debug("{} cannot be opened", UPTIME, e);
            }
            file = opened;
        }

        @Override
        public synchronized OptionalLong get() {
            if (file == null) {
                return OptionalLong.empty();
            }
            try {
                byte[] content = new byte[LONGEST];
                file.seek(0);
                int length = file.read(content);
                return parse(new String(content, 0, Math.max(length, 0), StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Time by the fine clock is better than none.
                LOG.warn("{} cannot be read: {}", UPTIME, e.toString());
                return OptionalLong.empty();
            }
        }
    }

    /** Hundredths of a second, from the content of {@code /proc/uptime}: seconds with two decimals, then other things. */
    static OptionalLong parse(String content) {
        int space = content.indexOf(' ');
        String first = space < 0 ? content.strip() : content.substring(0, space);
        int point = first.indexOf('.');
        if (point < 1 || first.length() != point + 3) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(first.substring(0, point) + first.substring(point + 1)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
