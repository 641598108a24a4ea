package io.github.pggauntlet.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void median_of_an_odd_number_is_the_middle_one() {
        assertThat(new Series(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4.0);
    }

    @Test
    void median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assertThat(new Series(List.of(9.0, 1.0, 4.0, 6.0)).median()).isEqualTo(5.0);
    }

    @Test
    void a_percentile_is_a_measurement_that_was_made() {
        Series hundred = new Series(java.util.stream.IntStream.rangeClosed(1, 100)
                .mapToObj(i -> (double) i)
                .toList());
        assertThat(hundred.percentile(0.99)).isEqualTo(99.0);
        assertThat(hundred.percentile(0.5)).isEqualTo(50.0);
        assertThat(new Series(List.of(3.0, 2.0)).percentile(0.99)).isEqualTo(3.0);
    }

    @Test
    void a_series_without_measurements_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Series(List.of()));
    }

    @Property
    void all_figures_lie_between_the_least_and_the_greatest(
            @ForAll @NotEmpty List<@DoubleRange(min = 0, max = 1e6) Double> values,
            @ForAll @DoubleRange(min = 0, max = 1) double share) {
        Series series = new Series(values);
        assertThat(series.median()).isBetween(series.min(), series.max());
        assertThat(series.percentile(share)).isBetween(series.min(), series.max());
    }
}
