package io.github.pggauntlet.harness.check;

import static io.github.pggauntlet.harness.check.Story.A;
import static io.github.pggauntlet.harness.check.Story.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.History;
import io.github.pggauntlet.harness.history.KeySet;
import io.github.pggauntlet.harness.history.Operation.Transaction;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.TimeAnchor;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The checkers of what is done beside the ledger: silent on sound histories, red on each that is planted. */
class BesideCheckersTest {

    private static final Promises STRICT = Story.promising(LossBound.none());
    private static final Promises LOOSE = Story.promising(LossBound.within(Duration.ofSeconds(5)));

    /** A run with a failover from A on timeline 1 to B on timeline 2 at 1000 ms. */
    private static final class Told {

        private final List<Transaction> transactions = new ArrayList<>();
        private final Map<String, String> facts = new TreeMap<>();
        private final String workload;
        private Promises promises = STRICT;

        Told(String workload, String expect) {
            this.workload = workload;
            facts.put("expect", expect);
            facts.put("isolation", "repeatable-read");
            facts.put("accounts", "2");
            facts.put("total", "200");
        }

        Told promising(Promises made) {
            promises = made;
            return this;
        }

        Told does(int session, long from, long to, Access... accesses) {
            return add(session, from, to, Outcome.ACKNOWLEDGED, from < 1000 ? A : B, from < 1000 ? 1 : 2, "", accesses);
        }

        Told with(Outcome outcome, int session, long from, long to, Access... accesses) {
            return add(session, from, to, outcome, from < 1000 ? A : B, from < 1000 ? 1 : 2, "", accesses);
        }

        Told on(String node, int timeline, int session, long from, long to, Access... accesses) {
            return add(session, from, to, Outcome.ACKNOWLEDGED, node, timeline, "", accesses);
        }

        Told finallyReads(Access... accesses) {
            return add(99, 5000, 5001, Outcome.ACKNOWLEDGED, B, 2, Transaction.FINAL_READ, accesses);
        }

        private Told add(
                int session,
                long from,
                long to,
                Outcome outcome,
                String node,
                int timeline,
                String detail,
                Access... accesses) {
            transactions.add(new Transaction(
                    transactions.size() + 1L,
                    session,
                    from * 1_000_000,
                    to * 1_000_000,
                    outcome,
                    "",
                    node,
                    timeline,
                    List.of(accesses),
                    detail));
            return this;
        }

        Finding finding(String promise) {
            RunRecord run = new RunRecord(
                    new History(
                            new TimeAnchor(Instant.parse("2026-01-01T00:00:00Z")), List.of(), List.of(), transactions),
                    List.of(
                            new RunEvent.WorkloadBegun(0, workload, facts),
                            new RunEvent.FaultMade(
                                    1_000_000_000L,
                                    1_001_000_000L,
                                    "f1",
                                    "postmaster killed",
                                    FaultClass.POSTMASTER_CRASH,
                                    "primary",
                                    A,
                                    "pid gone")),
                    promises);
            return Judge.withAllCheckers().judge(run, Verdict.RunFacts.of(1, "s", "c", Map.of())).promises().stream()
                    .filter(finding -> finding.promise().equals(promise))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Access append(int key, int value, int place) {
        return new Access.Append(key, value, place);
    }

    private static Access list(int key, Integer... values) {
        return new Access.ReadList(key, List.of(values));
    }

    @Test
    void aLedgerAloneIsNotJudgedByThem() {
        List<String> promises = Judge.withAllCheckers()
                .judge(Story.complete().record(), Verdict.RunFacts.of(1, "s", "c", Map.of()))
                .promises()
                .stream()
                .map(Finding::promise)
                .toList();
        assertThat(promises)
                .doesNotContain(
                        IsolationChecker.PROMISE,
                        LinearizabilityChecker.PROMISE,
                        BankChecker.PROMISE,
                        StandbyReadsChecker.PROMISE);
    }

    @Nested
    class Lists {

        private Told sound(String expect) {
            return new Told("append", expect)
                    .does(1, 100, 110, append(0, 1, 0))
                    .does(2, 120, 130, list(0, 1), append(0, 2, 1))
                    .with(Outcome.UNKNOWN, 1, 990, 1100, append(0, 3, -1))
                    .does(2, 1200, 1210, list(0, 1, 2, 3), append(0, 4, 3))
                    .finallyReads(list(0, 1, 2, 3, 4));
        }

        private Told writeSkew(String expect) {
            return new Told("append", expect)
                    .does(1, 100, 200, list(0), append(1, 1, 0))
                    .does(2, 100, 200, list(1), append(0, 2, 0))
                    .finallyReads(list(0, 2), list(1, 1));
        }

        private Ruling ruling(Told record) {
            return record.finding(IsolationChecker.PROMISE).outcome();
        }

        @Test
        void aSoundHistoryIsKept() {
            assertThat(ruling(sound("serializable"))).isEqualTo(Ruling.KEPT);
            assertThat(ruling(sound("serializable").promising(LOOSE))).isEqualTo(Ruling.KEPT);
        }

        @Test
        void writeSkewBreaksSerializabilityAndNothingBelow() {
            Finding finding = writeSkew("serializable").finding(IsolationChecker.PROMISE);
            assertThat(finding.outcome()).isEqualTo(Ruling.BROKEN);
            assertThat(finding.evidence().get(0).what())
                    .contains("G2-item (write skew)")
                    .contains("session 1 on machine0");
            assertThat(ruling(writeSkew("snapshot-isolation"))).isEqualTo(Ruling.KEPT);
            Finding told = writeSkew("nothing").finding(IsolationChecker.PROMISE);
            assertThat(told.outcome()).isEqualTo(Ruling.KEPT);
            assertThat(told.sentence()).contains("Nothing was expected").contains("write skew");
        }

        @Test
        void aLostUpdateBreaksSnapshotIsolationAndNotReadCommitted() {
            for (String expect : List.of("snapshot-isolation", "read-committed")) {
                Told record = new Told("append", expect)
                        .does(1, 100, 200, list(0), append(0, 1, 0))
                        .does(2, 100, 210, list(0), append(0, 2, 1))
                        .finallyReads(list(0, 1, 2));
                assertThat(ruling(record))
                        .as(expect)
                        .isEqualTo(expect.equals("read-committed") ? Ruling.KEPT : Ruling.BROKEN);
            }
        }

        @Test
        void anAcknowledgedAppendThatIsLostUnreadIsFoundUnlessLossIsAllowed() {
            Told lost = new Told("append", "snapshot-isolation")
                    .does(1, 100, 110, append(0, 1, 0))
                    .does(1, 900, 950, append(0, 2, 1))
                    .finallyReads(list(0, 1));
            assertThat(ruling(lost)).isEqualTo(Ruling.BROKEN);
            assertThat(ruling(lost.promising(LOOSE))).isEqualTo(Ruling.KEPT);
        }

        @Test
        void whatASavepointTookBackMustNotAppear() {
            Told seen = new Told("append", "read-committed")
                    .does(1, 100, 110, append(0, 1, 0))
                    .with(Outcome.FAILED, 7, 105, 106, append(0, 9, -1))
                    .finallyReads(list(0, 1, 9));
            assertThat(ruling(seen)).isEqualTo(Ruling.BROKEN);
            assertThat(ruling(sound("read-committed").with(Outcome.FAILED, 7, 100, 110, append(0, 9, -1))))
                    .isEqualTo(Ruling.KEPT);
        }

        @Test
        void withoutAFinalReadItIsOpenAndWithoutTransactionsVacuous() {
            assertThat(ruling(new Told("append", "serializable").does(1, 100, 110, append(0, 1, 0))))
                    .isEqualTo(Ruling.INCONCLUSIVE);
            assertThat(ruling(new Told("append", "serializable"))).isEqualTo(Ruling.VACUOUS);
        }
    }

    @Nested
    class Registers {

        private static Access put(long value, int version) {
            return new Access.Put(0, value, version, OptionalLong.empty());
        }

        private static Access get(long value, int version) {
            return new Access.Get(0, version, OptionalLong.of(value));
        }

        private Told sound() {
            return new Told("register", "linearizable")
                    .does(1, 100, 110, put(7, 1))
                    .does(2, 120, 130, new Access.Put(0, 8, 2, OptionalLong.of(7)))
                    .with(Outcome.FAILED, 1, 140, 150, new Access.Put(0, 9, -1, OptionalLong.of(7)))
                    .does(2, 1200, 1210, get(8, 2))
                    .finallyReads(get(8, 2));
        }

        private Ruling ruling(Told record) {
            return record.finding(LinearizabilityChecker.PROMISE).outcome();
        }

        @Test
        void aSoundHistoryIsKept() {
            assertThat(ruling(sound())).isEqualTo(Ruling.KEPT);
            assertThat(ruling(sound().promising(LOOSE))).isEqualTo(Ruling.KEPT);
        }

        @Test
        void aStaleReadAWrongExpectationAndALostUpdateBreakIt() {
            assertThat(ruling(sound().does(3, 1300, 1310, get(7, 1)))).isEqualTo(Ruling.BROKEN);
            assertThat(ruling(sound().does(3, 1300, 1310, new Access.Put(0, 10, 3, OptionalLong.of(7)))))
                    .isEqualTo(Ruling.BROKEN);
            assertThat(ruling(sound().does(3, 120, 130, put(11, 2)))).isEqualTo(Ruling.BROKEN);
        }

        @Test
        void aLostWriteBreaksItUnlessLossIsAllowed() {
            Told lost = new Told("register", "linearizable")
                    .does(1, 100, 110, put(7, 1))
                    .does(1, 900, 950, put(8, 2))
                    .does(2, 1200, 1210, put(9, 2))
                    .finallyReads(get(9, 2));
            assertThat(ruling(lost)).isEqualTo(Ruling.BROKEN);
            assertThat(ruling(lost.promising(LOOSE))).isEqualTo(Ruling.KEPT);
        }
    }

    @Nested
    class Money {

        private Ruling ruling(String expect, Long... balances) {
            return new Told("bank", expect)
                    .does(1, 100, 110, new Access.Transfer(0, 1, 30))
                    .does(2, 120, 130, new Access.Balances(List.of(balances)))
                    .finallyReads(new Access.Balances(List.of(70L, 130L)))
                    .promising(LOOSE)
                    .finding(BankChecker.PROMISE)
                    .outcome();
        }

        @Test
        void moneyIsNeitherMadeNorLost() {
            assertThat(ruling("total-conserved", 70L, 130L)).isEqualTo(Ruling.KEPT);
            assertThat(ruling("total-conserved", 70L, 100L)).isEqualTo(Ruling.BROKEN);
            assertThat(ruling("total-conserved", -10L, 210L)).isEqualTo(Ruling.BROKEN);
            assertThat(ruling("total-conserved", 200L)).isEqualTo(Ruling.BROKEN);
            assertThat(ruling("nothing", 70L, 100L)).isEqualTo(Ruling.KEPT);
        }
    }

    @Nested
    class Standbys {

        private static Access read(long... ids) {
            return new Access.Notes(KeySet.of(ids));
        }

        private Told base(String expect) {
            return new Told("standby-reads", expect)
                    .on(A, 1, 1, 100, 110, new Access.Note(1))
                    .on(B, 1, 1, 120, 130, read(1))
                    .on(A, 1, 2, 140, 150, new Access.Note(2))
                    .on(A, 1, 2, 160, 170, read(1, 2));
        }

        private Ruling ruling(Told record) {
            return record.finding(StandbyReadsChecker.PROMISE).outcome();
        }

        @Test
        void aSoundHistoryIsKept() {
            for (String expect : List.of("nothing", "own-writes", "monotonic-reads", "no-fork")) {
                assertThat(ruling(base(expect))).as(expect).isEqualTo(Ruling.KEPT);
            }
        }

        @Test
        void aStaleReadIsToldAndBreaksWhatWasExpected() {
            Told stale = base("nothing").on(B, 1, 2, 180, 190, read(1));
            assertThat(stale.finding(StandbyReadsChecker.PROMISE).sentence())
                    .contains("1 read missed what its session had written")
                    .contains("1 went back in time");
            assertThat(ruling(stale)).isEqualTo(Ruling.KEPT);
            assertThat(ruling(base("own-writes").on(B, 1, 2, 180, 190, read(1))))
                    .isEqualTo(Ruling.BROKEN);
            assertThat(ruling(base("monotonic-reads").on(B, 1, 2, 180, 190, read(1))))
                    .isEqualTo(Ruling.BROKEN);
        }

        @Test
        void aLongForkBreaksWhatWasExpected() {
            assertThat(ruling(base("no-fork").on(B, 1, 3, 155, 165, read(1, 3))))
                    .isEqualTo(Ruling.BROKEN);
            assertThat(ruling(base("nothing").on(B, 1, 3, 155, 165, read(1, 3))))
                    .isEqualTo(Ruling.KEPT);
        }

        @Test
        void aServerThatForgetsIsNeverRight() {
            assertThat(ruling(base("nothing").on(B, 1, 3, 200, 210, read()))).isEqualTo(Ruling.BROKEN);
        }

        @Test
        void nobodyWhoReadsProvesNothing() {
            assertThat(ruling(new Told("standby-reads", "nothing"))).isEqualTo(Ruling.VACUOUS);
        }

        /** Where something may be lost, a read counts only against what was written on the same timeline. */
        @Test
        void readsThatDoNotSayTheirTimelineProveNothing() {
            Promises lossy = Story.promising(LossBound.within(Duration.ofSeconds(5)));
            Told mute = new Told("standby-reads", "own-writes")
                    .promising(lossy)
                    .on(A, 1, 1, 100, 110, new Access.Note(1))
                    .on(B, 0, 1, 120, 130, read());
            assertThat(ruling(mute)).isEqualTo(Ruling.VACUOUS);
            assertThat(ruling(mute.on(B, 1, 1, 140, 150, read()))).isEqualTo(Ruling.BROKEN);
        }
    }
}
