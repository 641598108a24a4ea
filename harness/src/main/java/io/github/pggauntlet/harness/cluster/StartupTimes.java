package io.github.pggauntlet.harness.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * What the start of a cluster spent its time on. The steps of different containers run side by side.
 *
 * @param total from the call to the finished cluster
 * @param steps the steps in the order in which they ended
 */
public record StartupTimes(Duration total, List<Step> steps) {

    public StartupTimes {
        steps = List.copyOf(steps);
    }

    /**
     * A step.
     *
     * @param what what was done
     * @param began how long after the call it began
     * @param took how long it took
     */
    public record Step(String what, Duration began, Duration took) {}

    @Override
    public String toString() {
        return "started in " + total.toMillis() + " ms"
                + steps.stream()
                        .map(step -> String.format(
                                "%n  %5d +%5d ms  %s",
                                step.began().toMillis(), step.took().toMillis(), step.what()))
                        .collect(Collectors.joining());
    }

    /** Takes the times while they pass. */
    static final class Watch {
        private final long zero = System.nanoTime();
        private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

        <T> T time(String what, java.util.concurrent.Callable<T> step) throws Exception {
            long from = System.nanoTime();
            try {
                return step.call();
            } finally {
                steps.add(new Step(what, Duration.ofNanos(from - zero), Duration.ofNanos(System.nanoTime() - from)));
            }
        }

        void run(String what, Bounded.Action step) throws Exception {
            time(what, () -> {
                step.run();
                return true;
            });
        }

        StartupTimes finish() {
            return new StartupTimes(Duration.ofNanos(System.nanoTime() - zero), List.copyOf(steps));
        }
    }
}
