package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.postgres.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LagTrackerTest {

    private static final Duration HORIZON = Duration.ofSeconds(8);

    private final LagTracker tracker = new LagTracker(HORIZON);

    @Example
    void whoIsNotKnownLagsForEver() {
        tracker.sample(0, new Lsn(10), Map.of());

        assertThat(tracker.lag("s", 5)).isGreaterThan(Duration.ofDays(1));
    }

    @Example
    void whoHasEverythingDoesNotLagHoweverLongNothingIsWritten() {
        tracker.sample(0, new Lsn(10), Map.of("s", new Lsn(10)));
        tracker.sample(seconds(100), new Lsn(10), Map.of());

        assertThat(tracker.lag("s", seconds(200))).isZero();
    }

    @Example
    void whoLacksSomethingLagsSinceItWasThere() {
        tracker.sample(seconds(1), new Lsn(10), Map.of("s", new Lsn(10)));
        tracker.sample(seconds(2), new Lsn(20), Map.of("s", new Lsn(10)));
        tracker.sample(seconds(3), new Lsn(20), Map.of("s", new Lsn(10)));
        tracker.sample(seconds(4), new Lsn(30), Map.of("s", new Lsn(19)));

        assertThat(tracker.lag("s", seconds(5))).isEqualTo(Duration.ofSeconds(3));
        tracker.sample(seconds(5), new Lsn(30), Map.of("s", new Lsn(20)));
        assertThat(tracker.lag("s", seconds(5))).isEqualTo(Duration.ofSeconds(1));
    }

    @Example
    void whoIsGoneLagsFromItsLastWordOn() {
        tracker.sample(seconds(1), new Lsn(10), Map.of("s", new Lsn(10)));
        for (int second = 2; second < 60; second++) {
            tracker.sample(seconds(second), new Lsn(10L * second), Map.of());
        }

        assertThat(tracker.lag("s", seconds(60))).isGreaterThanOrEqualTo(HORIZON);
    }

    @Example
    void aNewTermBeginsWithNothing() {
        tracker.sample(0, new Lsn(10), Map.of("s", new Lsn(10)));
        tracker.clear();

        assertThat(tracker.lag("s", 1)).isGreaterThan(Duration.ofDays(1));
    }

    /** Against the whole of what was seen: exact below the horizon, never less than the horizon beyond it. */
    @Property(tries = 500)
    void measuresWhatAReaderOfTheWholeRecordWould(@ForAll long seed) {
        Random random = new Random(seed);
        LagTracker measured = new LagTracker(HORIZON);
        List<long[]> record = new ArrayList<>();
        long now = 0;
        long written = 100;
        long flushed = 100;
        for (int i = 0; i < 200; i++) {
            now += random.nextInt(500) * 1_000_000L;
            written += random.nextInt(3) == 0 ? random.nextInt(50) : 0;
            flushed = Math.max(flushed, written - random.nextInt(300));
            measured.sample(
                    now, new Lsn(written), random.nextBoolean() || i == 0 ? Map.of("s", new Lsn(flushed)) : Map.of());
            record.add(new long[] {now, written, flushed});
            measured.sample(now, new Lsn(written), Map.of("s", new Lsn(flushed)));

            long has = flushed;
            long truth = record.stream()
                    .filter(sample -> sample[1] > has)
                    .mapToLong(sample -> sample[0])
                    .findFirst()
                    .orElse(now);
            Duration lag = measured.lag("s", now);
            if (now - truth <= HORIZON.toNanos()) {
                assertThat(lag).isEqualTo(Duration.ofNanos(now - truth));
            } else {
                assertThat(lag).isGreaterThan(HORIZON);
            }
        }
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
