package io.github.pggauntlet.strategy.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    @Test
    void neverShowsItsEnvironment() {
        Command command = Command.of(LIMIT, "psql", "-c", "select 1").with("PGPASSWORD", "hush");

        assertThat(command).hasToString("psql -c select 1");
        assertThat(command.environment()).isEqualTo(Map.of("PGPASSWORD", "hush"));
        assertThat(new CommandResult(command, 1, "", "refused").toString()).doesNotContain("hush");
        assertThat(new CommandResult(command, 1, "", "refused").describe())
                .isEqualTo("'psql -c select 1' ended with status 1: refused");
    }

    @Test
    void describesTheLastOfWhatWasSaid() {
        Command command = Command.of(LIMIT, "x");

        assertThat(new CommandResult(command, 2, "a\nb\nc\nd\ne\nf\ng\n", " \n").describe())
                .isEqualTo("'x' ended with status 2: c | d | e | f | g");
        assertThat(new CommandResult(command, 2, "out", "err").describe()).endsWith(": err");
    }

    @Test
    void aCommandThatCannotBeIsRefused() {
        assertThatThrownBy(() -> Command.of(LIMIT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Command(List.of("x"), Map.of(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Command(List.of("x"), Map.of(), Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
