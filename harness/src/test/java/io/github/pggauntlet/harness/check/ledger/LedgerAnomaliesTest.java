package io.github.pggauntlet.harness.check.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.History;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Occasion;
import io.github.pggauntlet.harness.history.Operation.Read;
import io.github.pggauntlet.harness.history.Operation.Write;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.SessionKind;
import io.github.pggauntlet.harness.history.TimeAnchor;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each class of wrong by the smallest ledger that shows it. */
class LedgerAnomaliesTest {

    private static final KeySet FIRST = KeySet.of(0);

    @Test
    void lost() {
        assertThat(check(acknowledged().read("a", true, 20, 21, bits(0b0))).lost())
                .isEqualTo(FIRST);
    }

    @Test
    void lostThoughNobodyHadReadIt() {
        LedgerReport report =
                check(acknowledged().insert(5, 6, Outcome.ACKNOWLEDGED).read("a", true, 20, 21, bits(0b01)));
        assertThat(report.lost()).isEqualTo(KeySet.of(1));
        assertThat(report.visibleThenLost().isEmpty()).isTrue();
    }

    @Test
    void visibleThenLostThoughNeverAcknowledged() {
        LedgerReport report = check(LedgerHistory.builder()
                .insert(1, 10, Outcome.UNKNOWN)
                .read("a", true, 12, 13, bits(0b1))
                .read("b", true, 20, 21, bits(0b0)));
        assertThat(report.visibleThenLost()).isEqualTo(FIRST);
        assertThat(report.lost().isEmpty()).isTrue();
        assertThat(report.unknownLost()).isEqualTo(FIRST);
    }

    @Test
    void seenOnAStandbyBeforeThePrimaryShowsItIsNoLoss() {
        LedgerReport report = check(LedgerHistory.builder()
                .insert(1, 30, Outcome.ACKNOWLEDGED)
                .read("standby", false, 10, 11, bits(0b1))
                .read("primary", true, 12, 13, bits(0b0))
                .read("primary", true, 40, 41, bits(0b1)));
        assertThat(report.sound()).isTrue();
    }

    @Test
    void failedButPresent() {
        assertThat(check(LedgerHistory.builder().insert(1, 10, Outcome.FAILED).read("a", false, 20, 21, bits(0b1)))
                        .failedButPresent())
                .isEqualTo(FIRST);
    }

    @Test
    void phantom() {
        assertThat(check(acknowledged().read("a", true, 20, 21, bits(0b11))).phantoms())
                .isEqualTo(KeySet.of(1));
    }

    @Test
    void duplicate() {
        assertThat(check(acknowledged().read("a", true, 20, 21, bits(0b1), 0)).duplicates())
                .isEqualTo(FIRST);
    }

    @Test
    void resurrected() {
        LedgerReport report =
                check(acknowledged().read("a", true, 20, 21, bits(0b0)).read("b", true, 30, 31, bits(0b1)));
        assertThat(report.resurrected()).isEqualTo(FIRST);
        assertThat(report.lost().isEmpty()).isTrue();
    }

    @Test
    void staleOnAStandbyIsNoLoss() {
        LedgerReport report =
                check(acknowledged().read("standby", false, 25, 26, bits(0b0)).read("a", true, 30, 31, bits(0b1)));
        assertThat(report.stale()).isEqualTo(FIRST);
        assertThat(report.stalest()).isEqualTo(15);
        assertThat(report.sound()).isTrue();
    }

    /** The youngest keys are the ones a failover loses; a last read that came too early for them must not pass for proof. */
    @Test
    void theNewestKeysAreToldWhereNoReadCoversThem() {
        LedgerReport report =
                check(acknowledged().read("a", true, 20, 21, bits(0b1)).insert(19, 22, Outcome.ACKNOWLEDGED));
        assertThat(report.unread()).isEqualTo(KeySet.of(1));
    }

    @Test
    void aRunsRecordIsTakenAsItIs() {
        History history = new History(
                new TimeAnchor(Instant.EPOCH),
                List.of(write(100, 1, 1), write(101, 10, 2), write(103, 12, 2)),
                List.of(
                        read("old", Occasion.INTERIM, 20, 1, KeySet.of(100)),
                        read("new", Occasion.FINAL, 30, 2, KeySet.of(100, 102, 103))));
        LedgerReport report = new LedgerChecker().check(LedgerAdapter.of(history));
        assertThat(report.lost()).isEqualTo(KeySet.of(1));
        assertThat(report.stale()).isEqualTo(KeySet.of(1, 3));
        assertThat(report.phantoms()).isEqualTo(KeySet.of(2));
    }

    private static Write write(long key, long invoked, int timeline) {
        return new Write(
                key, 1, SessionKind.CLIENT, key, 1, invoked, invoked + 1, Outcome.ACKNOWLEDGED, "", "n", timeline, "");
    }

    private static Read read(String node, Occasion occasion, long at, int timeline, KeySet keys) {
        return new Read(node, occasion, at, at + 1, timeline, true, keys, 0, keys.size(), "", "");
    }

    private static LedgerHistory.Builder acknowledged() {
        return LedgerHistory.builder().insert(1, 10, Outcome.ACKNOWLEDGED);
    }

    private static long[] bits(long word) {
        return new long[] {word};
    }

    private static LedgerReport check(LedgerHistory.Builder history) {
        return new LedgerChecker().check(history.build());
    }
}
