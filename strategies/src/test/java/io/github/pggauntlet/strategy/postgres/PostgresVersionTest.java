package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresVersionTest {

    @Test
    void readsWhatThePackagesOfDistributionsPrint() {
        assertThat(PostgresVersion.parse("postgres (PostgreSQL) 17.5 (Debian 17.5-1.pgdg130+1)\n")
                        .major())
                .isEqualTo(17);
        assertThat(PostgresVersion.parse("postgres (PostgreSQL) 18beta1").major())
                .isEqualTo(18);
    }

    @Test
    void whatIsTooOldIsRefusedWithASentence() {
        assertThatThrownBy(() -> PostgresVersion.parse("postgres (PostgreSQL) 9.1.24"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PostgreSQL 9 is too old; 15 is the oldest that works.");
        assertThatThrownBy(() -> PostgresVersion.parse("command not found"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'command not found'");
    }

    @Test
    void slotsDoNotEndForIdlenessWhereTheyCould() {
        assertThat(new PostgresVersion(17).settings()).isEmpty();
        assertThat(new PostgresVersion(18).settings()).containsEntry("idle_replication_slot_timeout", "0");
    }
}
