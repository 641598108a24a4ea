package io.github.pggauntlet.harness.check.append;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.model.AppendModel;
import io.github.pggauntlet.harness.check.model.Behaviour;
import io.github.pggauntlet.harness.check.model.TransactionSink;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The checker says what trying all executions says. */
class AppendCheckerProperties {

    private static final int MOST = 6;
    private static final int MOST_INTERLEAVED = 5;

    @Property(tries = 6000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void serializabilityIsThatOfAllOrders(@ForAll long seed, @ForAll Order order) {
        List<Transaction> transactions = RandomHistory.of(seed, MOST, 0);
        AppendReport report = report(transactions);
        assertThat(report.holds(Isolation.SERIALIZABLE, order))
                .as(() -> told(transactions, report))
                .isEqualTo(BruteForce.serializable(transactions, order));
    }

    @Property(tries = 6000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void snapshotIsolationIsThatOfAllInterleavings(@ForAll long seed, @ForAll Order order) {
        List<Transaction> transactions = RandomHistory.of(seed, MOST_INTERLEAVED, 0);
        AppendReport report = report(transactions);
        assertThat(report.holds(Isolation.SNAPSHOT_ISOLATION, order))
                .as(() -> told(transactions, report))
                .isEqualTo(BruteForce.snapshotIsolated(transactions, order));
    }

    /** With unknown outcomes the checker may miss what only an order of versions would show, and says so. */
    @Property(tries = 4000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void unknownOutcomesNeverMakeASoundHistoryLookBroken(@ForAll long seed, @ForAll Order order) {
        List<Transaction> transactions = RandomHistory.of(seed, MOST_INTERLEAVED, 0.3);
        AppendReport report = report(transactions);
        boolean serializable = report.holds(Isolation.SERIALIZABLE, order);
        boolean isolated = report.holds(Isolation.SNAPSHOT_ISOLATION, order);
        boolean possible = BruteForce.serializable(transactions, order);
        boolean possiblyIsolated = BruteForce.snapshotIsolated(transactions, order);
        assertThat(serializable || !possible)
                .as(() -> told(transactions, report))
                .isTrue();
        assertThat(isolated || !possiblyIsolated)
                .as(() -> told(transactions, report))
                .isTrue();
        if (report.versionOrderTotal()) {
            assertThat(serializable).as(() -> told(transactions, report)).isEqualTo(possible);
            assertThat(isolated).as(() -> told(transactions, report)).isEqualTo(possiblyIsolated);
        }
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void aModelDatabaseKeepsWhatItGuarantees(@ForAll long seed, @ForAll Behaviour behaviour) {
        if (behaviour == Behaviour.UNPROTECTED) {
            return;
        }
        AppendHistory.Builder builder = AppendHistory.builder();
        AppendModel.run(
                new AppendModel.Settings(behaviour, 300, 8, 4, 20, 4, 0.05, 0.05, seed), TransactionSink.into(builder));
        AppendReport report = new AppendChecker(behaviour.order()).check(builder.build());
        assertThat(report.holds(behaviour.guaranteed(), behaviour.order()))
                .as(() -> report.anomalies().toString())
                .isTrue();
    }

    private static AppendReport report(List<Transaction> transactions) {
        return new AppendChecker(Order.REAL_TIME).check(Transaction.history(transactions));
    }

    private static String told(List<Transaction> transactions, AppendReport report) {
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < transactions.size(); i++) {
            told.append("T").append(i).append(": ").append(transactions.get(i)).append('\n');
        }
        return told.append(report.anomalies())
                .append('\n')
                .append(report.counts())
                .toString();
    }
}
