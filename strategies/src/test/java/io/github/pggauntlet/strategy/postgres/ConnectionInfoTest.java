package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionInfoTest {

    @Test
    void valuesAreQuotedAsLibpqWantsThem() {
        assertThat(new ConnectionInfo(Map.of("host", "db", "options", "-c a='b\\c'")))
                .hasToString("host='db' options='-c a=\\'b\\\\c\\''");
    }

    @Test
    void oneMoreParameterLeavesTheOthers() {
        assertThat(new ConnectionInfo(Map.of("host", "db")).with("port", "5432"))
                .hasToString("host='db' port='5432'");
    }

    @Test
    void aPasswordIsRefused() {
        ConnectionInfo info = new ConnectionInfo(Map.of("host", "db"));

        assertThatThrownBy(() -> info.with("password", "hush"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hush");
    }
}
