package io.github.pggauntlet.harness.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.append.AppendChecker;
import io.github.pggauntlet.harness.check.append.AppendReport;
import io.github.pggauntlet.harness.check.append.Isolation;
import io.github.pggauntlet.harness.check.append.Order;
import io.github.pggauntlet.harness.history.Access;
import io.github.pggauntlet.harness.history.Operation;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunHistoryTest {

    @Test
    void aTransactionIsTwoLines() {
        List<JepsenOperation> history = RunHistory.appends(List.of(transaction(
                7,
                3,
                10,
                20,
                Outcome.ACKNOWLEDGED,
                new Access.ReadList(1, List.of(5, 6)),
                new Access.Append(2, 9, 0))));

        assertThat(JepsenFormat.EDN.write(history)).isEqualTo("""
                {:type :invoke, :f :txn, :value [[:r 1 nil] [:append 2 9]], :process 0, :time 10, :index 0}
                {:type :ok, :f :txn, :value [[:r 1 [5 6]] [:append 2 9]], :process 0, :time 20, :index 1}
                """);
    }

    @Test
    void whatWasReadInVainIsNotTold() {
        List<JepsenOperation> history = RunHistory.appends(
                List.of(transaction(1, 0, 1, 2, Outcome.FAILED, new Access.ReadList(1, List.of(5)))));

        assertThat(JepsenFormat.EDN.write(history)).contains(":type :fail").doesNotContain("5]");
    }

    @Test
    void aProcessOfUnknownFateIsNeverHeardOfAgain() {
        List<JepsenOperation> history = RunHistory.appends(List.of(
                transaction(1, 4, 10, 20, Outcome.UNKNOWN, new Access.Append(1, 1, Access.UNKNOWN)),
                transaction(2, 4, 30, 40, Outcome.ACKNOWLEDGED, new Access.Append(1, 2, 0)),
                transaction(3, 5, 15, 35, Outcome.ACKNOWLEDGED, new Access.Append(1, 3, 1))));

        assertThat(history).extracting(JepsenOperation::process).containsExactly(0L, 2L, 0L, 1L, 2L, 1L);
        assertThat(history).extracting(JepsenOperation::index).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void otherWorkloadsHaveNoSuchForm() {
        assertThat(RunHistory.appends(List.of(
                        transaction(1, 0, 1, 2, Outcome.ACKNOWLEDGED, new Access.Get(1, 0, OptionalLong.empty())),
                        transaction(2, 0, 3, 4, Outcome.ACKNOWLEDGED))))
                .isEmpty();
    }

    /** A write skew that was recorded is one after the way to a file and back. */
    @Test
    void anAnomalyIsStillOne() {
        List<JepsenOperation> history = RunHistory.appends(List.of(
                transaction(
                        1,
                        0,
                        10,
                        20,
                        Outcome.ACKNOWLEDGED,
                        new Access.ReadList(1, List.of()),
                        new Access.Append(2, 1, 0)),
                transaction(
                        2,
                        1,
                        11,
                        21,
                        Outcome.ACKNOWLEDGED,
                        new Access.ReadList(2, List.of()),
                        new Access.Append(1, 2, 0)),
                transaction(
                        3,
                        0,
                        30,
                        40,
                        Outcome.ACKNOWLEDGED,
                        new Access.ReadList(1, List.of(2)),
                        new Access.ReadList(2, List.of(1)))));

        AppendReport report = new AppendChecker(Order.NONE)
                .check(JepsenHistory.appends(JepsenFormat.JSON.read(JepsenFormat.JSON.write(history))));

        assertThat(report.holds(Isolation.SERIALIZABLE, Order.NONE)).isFalse();
        assertThat(report.holds(Isolation.SNAPSHOT_ISOLATION, Order.NONE)).isTrue();
    }

    private static Operation.Transaction transaction(
            long id, int session, long invoked, long completed, Outcome outcome, Access... accesses) {
        return new Operation.Transaction(
                id, session, invoked, completed, outcome, "", "machine0", 1, List.of(accesses), "");
    }
}
