package io.github.pggauntlet.scenarios.bench;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How much is measured.
 *
 * @param postgres the major version of PostgreSQL
 * @param repeat how many measurements are made of each side; empty for what suits the benchmark
 * @param sessions the number of client sessions, at least 1
 * @param span how long writes are counted in each measurement, in whole seconds of at least one
 */
public record BenchSettings(int postgres, OptionalInt repeat, int sessions, Duration span) {

    /**
     * @throws IllegalArgumentException if a number is out of its range
     */
    public BenchSettings {
        if (repeat.isPresent() && repeat.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "A benchmark is repeated at least once, not " + repeat.getAsInt() + " times.");
        }
        if (sessions < 1) {
            throw new IllegalArgumentException("A workload needs at least one session, not " + sessions + ".");
        }
        if (span.toSeconds() < 1 || span.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException("Writes are counted for whole seconds, at least one.");
        }
    }

    int repeat(int usual) {
        return repeat.orElse(usual);
    }
}
