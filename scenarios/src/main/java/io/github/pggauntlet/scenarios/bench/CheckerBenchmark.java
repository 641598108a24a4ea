package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.check.append.AppendChecker;
import io.github.pggauntlet.harness.check.append.AppendHistory;
import io.github.pggauntlet.harness.check.append.AppendReport;
import io.github.pggauntlet.harness.check.append.Isolation;
import io.github.pggauntlet.harness.check.append.Order;
import io.github.pggauntlet.harness.check.ledger.LedgerChecker;
import io.github.pggauntlet.harness.check.ledger.LedgerHistory;
import io.github.pggauntlet.harness.check.model.AppendModel;
import io.github.pggauntlet.harness.check.model.Behaviour;
import io.github.pggauntlet.harness.check.model.LedgerModel;
import io.github.pggauntlet.harness.check.model.RegisterModel;
import io.github.pggauntlet.harness.check.model.TransactionSink;
import io.github.pggauntlet.harness.check.register.RegisterChecker;
import io.github.pggauntlet.harness.check.register.RegisterHistory;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How fast histories are checked, over their size and over how many operations overlap. Needs no engine.
 *
 * <p>Beside the registers stands porcupine, if that is asked for: it is a Go program. Elle and Knossos are not on Maven Central. The
 * search by trial and a plain check with hash sets, both of this project, show what the algorithms are for.
 */
public final class CheckerBenchmark implements Benchmark {

    private static final long SEED = 7;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double UNKNOWN = 0.01;
    private static final int SMALLEST = 1_000;
    private static final List<Integer> SESSIONS = List.of(5, 20, 100);

    private final int repeat;
    private final int largest;
    private final boolean porcupine;

    /**
     * @param settings how often each history is checked; the median is told
     * @param largest the most transactions of lists; ten times as many operations on registers, as many rows of a ledger
     * @param porcupine whether porcupine stands beside
     */
    public CheckerBenchmark(BenchSettings settings, int largest, boolean porcupine) {
        this.repeat = settings.repeat(5);
        this.largest = largest;
        this.porcupine = porcupine;
    }

    @Override
    public String name() {
        return "checkers";
    }

    @Override
    public void run(PrintWriter out, PrintWriter progress) throws InterruptedException {
        out.println(String.format(
                Locale.ROOT,
                "Java %s, %d cores, heap of at most %d MB; the median of %d checks of the same history after one to warm up",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20,
                repeat));
        ledgers(out, progress);
        registers(out, progress);
        if (porcupine) {
            besidePorcupine(out, progress);
        }
        appends(out, progress);
    }

    private void ledgers(PrintWriter out, PrintWriter progress) throws InterruptedException {
        heading(out, "Ledger: ids x reads", "ids read");
        for (int[] size : new int[][] {{largest / 100, 100}, {largest / 10, 1_000}, {largest, 100}, {largest, 1_000}}) {
            LedgerHistory history = LedgerModel.sound(size[0], size[1], SEED);
            row(
                    out,
                    progress,
                    String.format(Locale.ROOT, "%,d x %,d", size[0], size[1]),
                    (double) size[0] * size[1],
                    () -> new LedgerChecker().check(history).sound());
        }
        int ids = Math.max(100, largest / 100);
        LedgerHistory small = LedgerModel.sound(ids, 100, SEED);
        PlainLedger plain = PlainLedger.like(ids, 100, SEED);
        ratio(
                out,
                String.format(Locale.ROOT, "%,d x %,d with hash sets", ids, 100),
                measure(plain::sound),
                measure(() -> new LedgerChecker().check(small).sound()));
    }

    private void registers(PrintWriter out, PrintWriter progress) throws InterruptedException {
        heading(out, "Registers: operations, sessions, 1 % unknown", "operations");
        for (int sessions : SESSIONS) {
            for (int size = largest / 10; size <= largest * 10L; size *= 10) {
                RegisterHistory history = RegisterModel.sound(size, sessions, UNKNOWN, SEED);
                row(
                        out,
                        progress,
                        String.format(Locale.ROOT, "%,d operations, %d sessions", size, sessions),
                        size,
                        () -> new RegisterChecker().check(history).linearizable());
            }
        }
        for (int overlap : new int[] {4, 8, 12}) {
            TrialRegister trial = new TrialRegister(overlap, SEED);
            ratio(
                    out,
                    "60 operations, " + overlap + " sessions, by trial",
                    measure(trial::byTrial),
                    measure(trial::byZones));
        }
    }

    private void besidePorcupine(PrintWriter out, PrintWriter progress) throws InterruptedException {
        progress.println("building porcupine");
        int size = Math.max(SMALLEST, largest / 100);
        try (BesidePorcupine other = new BesidePorcupine()) {
            for (double unknown : new double[] {0, UNKNOWN}) {
                for (int sessions : SESSIONS) {
                    RegisterHistory history = RegisterModel.sound(size, sessions, unknown, SEED);
                    String what = String.format(
                            Locale.ROOT,
                            "%,d operations, %d sessions, %.0f %% unknown, porcupine",
                            size,
                            sessions,
                            unknown * 100);
                    progress.println("checking " + what);
                    progress.flush();
                    Cost ours =
                            measure(() -> new RegisterChecker().check(history).linearizable());
                    other.check(history, repeat)
                            .ifPresentOrElse(
                                    theirs -> ratio(out, what, new Cost(theirs.median(), Optional.empty()), ours),
                                    () -> out.println(String.format(
                                            Locale.ROOT,
                                            "  %-50s gives up after 10 s   our checker on the same: %.3f ms",
                                            what,
                                            ours.nanos() / NANOS_PER_MILLI)));
                }
            }
        }
    }

    private void appends(PrintWriter out, PrintWriter progress) throws InterruptedException {
        heading(out, "Lists: transactions, sessions, strict serializability", "transactions");
        for (int sessions : SESSIONS) {
            for (int size = largest / 100; size <= largest; size *= 10) {
                AppendHistory history = history(Behaviour.SERIAL, size, sessions);
                row(
                        out,
                        progress,
                        String.format(Locale.ROOT, "%,d transactions, %d sessions", size, sessions),
                        size,
                        () -> new AppendChecker(Order.REAL_TIME)
                                .check(history)
                                .holds(Isolation.SERIALIZABLE, Order.REAL_TIME));
            }
        }
        int skewedSize = largest / 10;
        AppendHistory skewed = history(Behaviour.SNAPSHOT, skewedSize, 20);
        row(
                out,
                progress,
                String.format(Locale.ROOT, "%,d transactions, 20 sessions, with write skew", skewedSize),
                skewedSize,
                () -> {
                    AppendReport report = new AppendChecker(Order.REAL_TIME).check(skewed);
                    return report.holds(Isolation.SNAPSHOT_ISOLATION, Order.REAL_TIME)
                            && !report.holds(Isolation.SERIALIZABLE, Order.REAL_TIME);
                });
    }

    private static AppendHistory history(Behaviour behaviour, int size, int sessions) {
        AppendHistory.Builder builder = AppendHistory.builder();
        AppendModel.run(AppendModel.Settings.large(behaviour, size, sessions, SEED), TransactionSink.into(builder));
        return builder.build();
    }

    private static void heading(PrintWriter out, String title, String unit) {
        out.println();
        out.println(String.format(Locale.ROOT, "%-52s%12s%22s%20s", title, "time", unit + "/s", "allocated by each"));
    }

    private void row(PrintWriter out, PrintWriter progress, String what, double size, BooleanSupplier check)
            throws InterruptedException {
        progress.println("checking " + what);
        progress.flush();
        Cost cost = measure(check);
        String bytes = cost.bytes().isPresent()
                ? String.format(Locale.ROOT, "%.1f bytes", cost.bytes().get() / size)
                : "unknown";
        out.println(String.format(
                Locale.ROOT,
                "  %-50s%9.1f ms%,22.0f%20s",
                what,
                cost.nanos() / NANOS_PER_MILLI,
                size / (cost.nanos() / NANOS_PER_SECOND),
                bytes));
        out.flush();
    }

    private static void ratio(PrintWriter out, String what, Cost other, Cost ours) {
        out.println(String.format(
                Locale.ROOT,
                "  %-50s%9.1f ms   our checker on the same: %.3f ms; ratio %.0f",
                what,
                other.nanos() / NANOS_PER_MILLI,
                ours.nanos() / NANOS_PER_MILLI,
                other.nanos() / ours.nanos()));
        out.flush();
    }

    /** What one check costs: nanoseconds, and bytes allocated where the Java machine tells. */
    private record Cost(double nanos, Optional<Double> bytes) {}

    private Cost measure(BooleanSupplier check) throws InterruptedException {
        List<Double> times = new ArrayList<>();
        Optional<Double> bytes = Optional.empty();
        for (int i = 0; i <= repeat; i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between two measurements");
            }
            long allocated = allocated();
            long before = System.nanoTime();
            boolean right = check.getAsBoolean();
            long after = System.nanoTime();
            if (!right) {
                throw new IllegalStateException("A checker judged wrongly of a history made to order.");
            }
            if (i > 0) {
                times.add((double) (after - before));
                bytes = allocated < 0 ? Optional.empty() : Optional.of((double) (allocated() - allocated));
            }
        }
        return new Cost(new Series(times).median(), bytes);
    }

    private static long allocated() {
        return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
                ? threads.getCurrentThreadAllocatedBytes()
                : -1;
    }
}
