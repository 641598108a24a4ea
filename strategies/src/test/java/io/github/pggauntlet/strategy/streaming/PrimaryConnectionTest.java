package io.github.pggauntlet.strategy.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.strategy.postgres.Lsn;
import org.junit.jupiter.api.Test;

class PrimaryConnectionTest {

    /** With segments of 16 MiB the name 000000010000001600000B3 is the segment of 16/B3000000. */
    @Test
    void aSegmentStartsWhereItsNameSays() {
        assertThat(PrimaryConnection.startOf("00000016000000B3", 16 << 20)).isEqualTo(Lsn.parse("16/B3000000"));
        assertThat(PrimaryConnection.startOf("0000000000000001", 1 << 20)).isEqualTo(Lsn.parse("0/100000"));
        assertThat(PrimaryConnection.startOf("FFFFFFFF000000FF", 16 << 20)).isEqualTo(Lsn.parse("FFFFFFFF/FF000000"));
    }
}
