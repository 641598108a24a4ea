package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BootClockTest {

    private static final long HUNDREDTH = TimeUnit.MILLISECONDS.toNanos(10);

    private final AtomicLong fine = new AtomicLong(-5);
    private final AtomicLong up = new AtomicLong(12_345);
    private final BootClock clock = new BootClock(fine::get, () -> OptionalLong.of(up.get()));

    private void pass(long nanos) {
        fine.addAndGet(nanos);
    }

    @Test
    void itGoesOnWhileTheMachineSleeps() {
        long before = clock.nanos();
        // For a minute only the clock that counts sleep has gone on.
        up.addAndGet(6000);
        pass(HUNDREDTH);

        assertThat(clock.nanos() - before).isBetween(6000 * HUNDREDTH, 6002 * HUNDREDTH);
    }

    @Test
    void itIsAsFineAsTheFineOneAndNeverBehindIt() {
        long begin = clock.nanos();
        long last = begin;
        for (int i = 1; i <= 1000; i++) {
            pass(HUNDREDTH / 10);
            up.set(12_345 + i / 10);
            long now = clock.nanos();
            assertThat(now).isGreaterThanOrEqualTo(last);
            assertThat(now - begin).isBetween(i * HUNDREDTH / 10, (i + 10) * HUNDREDTH / 10);
            last = now;
        }
    }

    @Test
    void itTellsWhatUptimeWillSay() {
        long now = clock.nanos();

        assertThat(clock.uptimeAt(now)).hasValue(12_345);
        assertThat(clock.uptimeAt(now + 250 * HUNDREDTH)).hasValue(12_595);
        // Rounded down, which is the safe side.
        assertThat(clock.uptimeAt(now + 250 * HUNDREDTH - 1)).hasValue(12_594);
        assertThat(clock.uptimeAt(now - 3 * HUNDREDTH)).hasValue(12_342);
    }

    @Test
    void withoutUptimeTheFineClockIsAllThereIs() {
        BootClock blind = new BootClock(fine::get, OptionalLong::empty);
        long before = blind.nanos();
        pass(77);

        assertThat(blind.nanos() - before).isEqualTo(77);
        assertThat(blind.uptimeAt(0)).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadForOnceDoesNotTurnTheClockBack() {
        AtomicLong readable = new AtomicLong(1);
        BootClock shaky =
                new BootClock(fine::get, () -> readable.get() == 1 ? OptionalLong.of(up.get()) : OptionalLong.empty());
        pass(1);
        long before = shaky.nanos();
        readable.set(0);

        assertThat(shaky.nanos()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void readsTheKernelsFile() {
        assertThat(BootClock.parse("12345.67 8901.23\n")).hasValue(1_234_567);
        assertThat(BootClock.parse("0.07 0.01\n")).hasValue(7);
        assertThat(BootClock.parse("12345 8901\n")).isEmpty();
        assertThat(BootClock.parse("")).isEmpty();
        BootClock real = BootClock.ofThisMachine();
        assertThat(real.uptimeAt(real.nanos())).isPresent();
    }
}
