package io.github.pggauntlet.strategy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pggauntlet.strategy.postgres.TimelineHistory.Switch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineHistoryTest {

    @ParameterizedTest
    @ValueSource(ints = {15, 17, 18})
    void readsWhatPostgresWrites(int version) {
        TimelineHistory second = TimelineHistory.parse(2, Resources.text("pg" + version + "/00000002.history"));
        TimelineHistory third = TimelineHistory.parse(3, Resources.text("pg" + version + "/00000003.history"));

        assertThat(second.switches()).extracting(Switch::timeline).containsExactly(1);
        assertThat(third.switches()).extracting(Switch::timeline).containsExactly(1, 2);
        assertThat(third.leftAt(1)).isEqualTo(second.leftAt(1)).isPresent();
        assertThat(third.leftAt(2).orElseThrow()).isGreaterThan(third.leftAt(1).orElseThrow());
        assertThat(third.continuesFrom(second)).isTrue();
        assertThat(third.continuesFrom(TimelineHistory.first())).isTrue();
        assertThat(second.continuesFrom(third)).isFalse();
    }

    @Test
    void readsTheFileThatItKnowsLetterByLetter() {
        assertThat(TimelineHistory.parse(3, Resources.text("pg17/00000003.history")))
                .isEqualTo(new TimelineHistory(
                        3, List.of(new Switch(1, Lsn.parse("0/A30D38")), new Switch(2, Lsn.parse("0/A33E60")))));
    }

    @Test
    void commentsEmptyLinesAndReasonsOfManyWordsAreNoMatter() {
        String content = "# before\n\n  \n1\t0/10\tbefore transaction 7 at 2026-01-01\r\n   # between\n2 0/20\n";

        assertThat(TimelineHistory.parse(3, content).switches())
                .containsExactly(new Switch(1, new Lsn(0x10)), new Switch(2, new Lsn(0x20)));
    }

    @Test
    void anEmptyFileIsAHistoryWithoutAncestors() {
        assertThat(TimelineHistory.parse(1, "")).isEqualTo(TimelineHistory.first());
    }

    /** The rules are those of PostgreSQL's own reader, {@code readTimeLineHistory}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "one\t0/10\tx",
                "1\tnowhere\tx",
                "0/10\t1\tx",
                "99999999999\t0/10\tx",
                "0\t0/10\tx",
                "-1\t0/10\tx",
                // Ancestors come in ascending order, below the timeline itself.
                "2\t0/10\tx\n1\t0/20\tx",
                "1\t0/10\tx\n1\t0/20\tx",
                "3\t0/10\tx",
                "4\t0/10\tx",
                // Nothing is left before it was reached.
                "1\t0/20\tx\n2\t0/10\tx"
            })
    void whatIsNoHistoryIsRefused(String content) {
        assertThatThrownBy(() -> TimelineHistory.parse(3, content)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRefusalShowsTheLine() {
        assertThatThrownBy(() -> TimelineHistory.parse(3, "1\t0/10\tx\ntorn"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'torn'");
    }

    @Test
    void timelinesCountFromOne() {
        assertThatThrownBy(() -> new TimelineHistory(0, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeline 0");
    }

    /** Two members that made the same number independently: patroni#890. */
    @Test
    void theSameNumberWithAnotherSwitchpointIsAnotherTimeline() {
        TimelineHistory one = history(2, 1, 0x100);
        TimelineHistory other = history(2, 1, 0x200);

        assertThat(one.continuesFrom(other)).isFalse();
        assertThat(other.continuesFrom(one)).isFalse();
        assertThat(history(3, 1, 0x100, 2, 0x300).continuesFrom(one)).isTrue();
        assertThat(history(3, 1, 0x100, 2, 0x300).continuesFrom(other)).isFalse();
        assertThat(one.continuesFrom(TimelineHistory.first())).isTrue();
        assertThat(other.continuesFrom(TimelineHistory.first())).isTrue();
    }

    @Test
    void aBranchThatSkipsATimelineDoesNotContinueFromIt() {
        assertThat(history(3, 1, 0x100).continuesFrom(history(2, 1, 0x100))).isFalse();
        assertThat(history(3, 1, 0x100).contains(2)).isFalse();
        assertThat(history(3, 1, 0x100).contains(1)).isTrue();
        assertThat(history(3, 1, 0x100).contains(3)).isTrue();
    }

    @Test
    void namesFilesAsPostgresDoes() {
        assertThat(TimelineHistory.fileName(2)).isEqualTo("00000002.history");
        assertThat(TimelineHistory.fileName(0x1F)).isEqualTo("0000001F.history");
    }

    private static TimelineHistory history(int timeline, long... switches) {
        List<Switch> list = new java.util.ArrayList<>();
        for (int i = 0; i < switches.length; i += 2) {
            list.add(new Switch((int) switches[i], new Lsn(switches[i + 1])));
        }
        return new TimelineHistory(timeline, list);
    }
}
