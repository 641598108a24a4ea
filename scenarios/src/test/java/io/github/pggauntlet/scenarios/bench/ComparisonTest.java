package io.github.pggauntlet.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pggauntlet.scenarios.bench.Comparison.Aim;
import io.github.pggauntlet.scenarios.bench.Comparison.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Side HARNESS = new Side("harness", new Series(List.of(200.0, 300.0, 400.0)));
    private static final Side HAND = new Side("by hand", new Series(List.of(100.0, 200.0, 100.0)));

    @Test
    void the_ratio_is_that_of_the_medians() {
        assertThat(comparison().ratio()).isEqualTo(3.0);
    }

    @Test
    void each_measurement_is_held_against_the_one_beside_it() {
        assertThat(comparison().ratios().values()).containsExactly(2.0, 1.5, 4.0);
    }

    @Test
    void sides_of_different_length_are_refused() {
        Side shorter = new Side("by hand", new Series(List.of(100.0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Comparison("title", "ms", HARNESS, shorter, Optional.empty()));
    }

    @Test
    void both_sides_the_ratio_and_the_aims_are_printed() {
        StringWriter text = new StringWriter();
        comparison().print(new PrintWriter(text, true), List.of(new Aim("at most twice", false)));
        assertThat(text.toString())
                .contains("harness", "300 ms", "by hand", "100 ms")
                .contains("ratio of the medians: 3.00   (of each pair: 1.50 to 4.00)")
                .contains("aim: at most twice: missed");
    }

    private static Comparison comparison() {
        return new Comparison("title", "ms", HARNESS, HAND, Optional.empty());
    }
}
