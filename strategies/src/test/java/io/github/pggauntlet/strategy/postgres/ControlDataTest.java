package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.postgres.ControlData.State;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Held against what pg_controldata of PostgreSQL 15, 17 and 18 has printed of real data directories. */
class ControlDataTest {

    @ParameterizedTest
    @CsvSource({
        "15, 7711482088144945173",
        "17, 7711482102706544661",
        "18, 7711482153239531541",
    })
    void readsEveryStateInWhichAServerIsLeft(int version, String systemIdentifier) {
        assertThat(read(version, "shut-down").state()).isEqualTo(State.SHUT_DOWN);
        assertThat(read(version, "in-production").state()).isEqualTo(State.IN_PRODUCTION);
        assertThat(read(version, "in-archive-recovery").state()).isEqualTo(State.IN_ARCHIVE_RECOVERY);
        assertThat(read(version, "shut-down-in-recovery").state()).isEqualTo(State.SHUT_DOWN_IN_RECOVERY);
        assertThat(read(version, "promoted").state()).isEqualTo(State.IN_PRODUCTION);
        assertThat(read(version, "crashed-primary").state()).isEqualTo(State.IN_PRODUCTION);
        for (String name :
                List.of("shut-down", "in-production", "in-archive-recovery", "shut-down-in-recovery", "promoted")) {
            assertThat(read(version, name).systemIdentifier()).isEqualTo(systemIdentifier);
            assertThat(read(version, name).segmentSize()).isEqualTo(1 << 20);
            assertThat(read(version, name).checkpoint().isValid()).isTrue();
        }
    }

    @Test
    void readsEveryLineThatIsNeeded() {
        assertThat(read(17, "in-archive-recovery"))
                .isEqualTo(new ControlData(
                        "7711482102706544661",
                        State.IN_ARCHIVE_RECOVERY,
                        Lsn.parse("0/A30B28"),
                        1,
                        Lsn.parse("0/A30D38"),
                        1,
                        false,
                        true,
                        true,
                        1 << 20));
        assertThat(read(17, "crashed-primary"))
                .isEqualTo(new ControlData(
                        "7711482102706544661",
                        State.IN_PRODUCTION,
                        Lsn.parse("0/A33EF0"),
                        3,
                        Lsn.INVALID,
                        0,
                        false,
                        true,
                        true,
                        1 << 20));
    }

    @Test
    void whatAllowsARewind() {
        // 15: no checksums, hints logged from the first start on; 17: the other way round; 18: checksums by default.
        assertThat(read(15, "shut-down").hindranceToRewind())
                .contains("pg_rewind needs wal_log_hints or data checksums");
        assertThat(read(15, "in-production").hindranceToRewind()).isEmpty();
        assertThat(read(15, "in-production").checksums()).isFalse();
        assertThat(read(17, "in-production").walLogHints()).isFalse();
        assertThat(read(17, "in-production").hindranceToRewind()).isEmpty();
        assertThat(read(18, "shut-down").checksums()).isTrue();
    }

    @Test
    void theFarthestTimelineIsThatOfTheRecoveryPositionWhenThatIsLater() {
        String standby = text(17, "in-archive-recovery")
                .replaceFirst("(loc's timeline:\\s+)1", "$12")
                .replaceFirst("(Minimum recovery ending location:\\s+)\\S+", "$10/B00000");

        assertThat(ControlData.parse(standby).timeline()).isEqualTo(1);
        assertThat(ControlData.parse(standby).latestTimeline()).isEqualTo(2);
        assertThat(read(17, "crashed-primary").latestTimeline()).isEqualTo(3);
    }

    @Test
    void whatTheStatesMean() {
        assertThat(Stream.of(State.values()).filter(State::standby))
                .containsExactly(State.SHUT_DOWN_IN_RECOVERY, State.IN_ARCHIVE_RECOVERY);
        assertThat(Stream.of(State.values()).filter(State::clean))
                .containsExactly(State.SHUT_DOWN, State.SHUT_DOWN_IN_RECOVERY);
    }

    @ParameterizedTest
    @MethodSource("neededLines")
    void aMissingLineIsNamed(String line) {
        String without = text(17, "shut-down").replaceFirst("(?m)^" + line + ":.*\n", "");

        assertThatThrownBy(() -> ControlData.parse(without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + line + "'");
    }

    static Stream<String> neededLines() {
        return Stream.of(
                "Database system identifier",
                "Database cluster state",
                "Latest checkpoint location",
                "Latest checkpoint's TimeLineID",
                "Minimum recovery ending location",
                "Min recovery ending loc's timeline",
                "wal_log_hints setting",
                "Data page checksum version",
                "Bytes per WAL segment");
    }

    @Test
    void aStateThatIsNotKnownIsNamed() {
        String strange = text(17, "shut-down").replace("shut down", "asleep");

        assertThatThrownBy(() -> ControlData.parse(strange))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'asleep'");
    }

    /** Up to PostgreSQL 15 or so the warning is part of the output; later it goes to standard error. */
    @Test
    void resultsThatPgControldataItselfCallsUntrustworthyAreRefused() {
        assertThatThrownBy(() -> read(15, "damaged"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("damaged");
    }

    private static ControlData read(int version, String name) {
        return ControlData.parse(text(version, name));
    }

    private static String text(int version, String name) {
        return Resources.text("pg" + version + "/" + name + ".txt");
    }
}
