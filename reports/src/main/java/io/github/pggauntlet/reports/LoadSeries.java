package io.github.pggauntlet.reports;

import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.reports.ReportModel.Latency;
import io.github.pggauntlet.reports.ReportModel.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * Sorts writes into buckets of time in one pass, without knowing beforehand how long the run is: when there are too many
 * buckets, each two become one. Not safe for use by several threads.
 */
final class LoadSeries {

    /** More than this a screen cannot show. */
    static final int MOST_BUCKETS = 1500;

    private static final long NARROWEST = 10_000_000;
    private static final long NANOS_PER_MICRO = 1000;
    private static final int DIGITS = 2;

    private final Histogram overall = new Histogram(DIGITS);
    private List<Bucket> buckets = new ArrayList<>();
    private long width = NARROWEST;

    private static final class Bucket {

        private final Histogram latencies = new Histogram(DIGITS);
        private long unknown;
        private long failed;

        void add(Bucket other) {
            latencies.add(other.latencies);
            unknown += other.unknown;
            failed += other.failed;
        }

        long latency(ToLongFunction<Histogram> which) {
            return latencies.getTotalCount() == 0 ? -1 : which.applyAsLong(latencies);
        }
    }

    /** Adds a write, or a transaction. */
    void add(long invoked, long completed, Outcome outcome) {
        Bucket bucket = bucket(Math.max(0, completed));
        if (outcome == Outcome.ACKNOWLEDGED) {
            long micros = (completed - invoked) / NANOS_PER_MICRO;
            bucket.latencies.recordValue(micros);
            overall.recordValue(micros);
        } else if (outcome == Outcome.UNKNOWN) {
            bucket.unknown++;
        } else {
            bucket.failed++;
        }
    }

    private Bucket bucket(long at) {
        while (at / width >= MOST_BUCKETS) {
            halve();
        }
        int index = (int) (at / width);
        while (buckets.size() <= index) {
            buckets.add(new Bucket());
        }
        return buckets.get(index);
    }

    private void halve() {
        List<Bucket> wider = new ArrayList<>(buckets.size() / 2 + 1);
        for (int i = 0; i < buckets.size(); i += 2) {
            Bucket bucket = buckets.get(i);
            if (i + 1 < buckets.size()) {
                bucket.add(buckets.get(i + 1));
            }
            wider.add(bucket);
        }
        buckets = wider;
        width *= 2;
    }

    /** What has been added so far. */
    Load load() {
        return new Load(
                width,
                each(bucket -> bucket.latencies.getTotalCount()),
                each(bucket -> bucket.unknown),
                each(bucket -> bucket.failed),
                each(bucket -> bucket.latency(latencies -> latencies.getValueAtPercentile(50))),
                each(bucket -> bucket.latency(latencies -> latencies.getValueAtPercentile(99))),
                each(bucket -> bucket.latency(Histogram::getMaxValue)),
                overall.getTotalCount() == 0
                        ? new Latency(-1, -1, -1)
                        : new Latency(
                                overall.getValueAtPercentile(50),
                                overall.getValueAtPercentile(99),
                                overall.getMaxValue()));
    }

    private List<Long> each(ToLongFunction<Bucket> value) {
        return buckets.stream().mapToLong(value).boxed().toList();
    }
}
