package io.github.pggauntlet.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CheckerBenchmarkTest {

    @Test
    void every_checker_has_its_curve_and_the_small_sizes_a_ratio() throws InterruptedException {
        StringWriter out = new StringWriter();
        BenchSettings settings = new BenchSettings(17, OptionalInt.of(1), 1, Duration.ofSeconds(1));
        new CheckerBenchmark(settings, 1_000, false)
                .run(new PrintWriter(out, true), new PrintWriter(new StringWriter()));
        assertThat(out.toString())
                .contains("1,000 x 1,000")
                .contains("10,000 operations, 20 sessions")
                .contains("1,000 transactions, 100 sessions")
                .contains("with write skew")
                .contains("by trial")
                .contains("with hash sets")
                .contains("ratio");
    }
}
