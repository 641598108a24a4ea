package io.github.pggauntlet.scenarios.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import org.junit.jupiter.api.Test;

class WritesBenchmarkTest {

    @Test
    void the_rate_is_read_from_what_pgbench_says() {
        String said = """
                number of transactions actually processed: 17743
                number of failed transactions: 0 (0.000%)
                latency average = 2.254 ms
                initial connection time = 23.521 ms
                tps = 3548.912345 (without initial connection time)
                """;
        assertThat(WritesBenchmark.rate(said)).isEqualTo(3548.912345);
    }

    @Test
    void a_pgbench_that_reports_no_rate_is_a_failure_of_the_environment() {
        assertThatThrownBy(() -> WritesBenchmark.rate("pgbench: error: connection failed"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("connection failed");
    }
}
