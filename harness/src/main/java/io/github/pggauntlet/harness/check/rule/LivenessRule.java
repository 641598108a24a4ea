package io.github.pggauntlet.harness.check.rule;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Is the cluster healthy by a deadline after the last fault was healed, and from then on? O(n log n). Without a sample at or
 * after the deadline it cannot be said, and a breach says so: nothing seen is not health.
 */
public final class LivenessRule {

    private static final String RULE = "healthy in time";

    private final Duration deadline;

    /**
     * @param deadline how long after the last heal the cluster may take
     */
    public LivenessRule(Duration deadline) {
        this.deadline = deadline;
    }

    /** The breach, if any. */
    public Optional<Breach> check(long lastHeal, List<HealthSample> samples) {
        long due = Math.addExact(lastHeal, deadline.toNanos());
        List<HealthSample> judged = samples.stream()
                .filter(sample -> sample.at() >= due)
                .sorted(Comparator.comparingLong(HealthSample::at))
                .toList();
        String when = deadline.toMillis() + " ms after the last heal at " + Times.seconds(lastHeal);
        if (judged.isEmpty()) {
            return Optional.of(new Breach(RULE, "nobody looked " + when + " or later"));
        }
        return judged.stream()
                .filter(sample -> !sample.healthy())
                .findFirst()
                .map(sample -> new Breach(
                        RULE,
                        "not healthy at " + Times.seconds(sample.at()) + ", which is later than " + when + ": "
                                + sample.note()));
    }
}
