package io.github.pggauntlet.harness.check.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.append.Anomaly;
import io.github.pggauntlet.harness.check.append.AppendChecker;
import io.github.pggauntlet.harness.check.append.AppendHistory;
import io.github.pggauntlet.harness.check.append.AppendReport;
import io.github.pggauntlet.harness.check.append.Isolation;
import io.github.pggauntlet.harness.check.append.Kind;
import io.github.pggauntlet.harness.check.append.Order;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each anomaly, planted in a sound history, is found, and told as what it is; the sound history alone is not complained of. */
class PlantedAnomalyTest {

    private static final int FREE_KEY = 5_000;
    private static final int FREE_VALUE = 1_000_000;

    @ParameterizedTest
    @EnumSource
    void isFound(PlantedAnomaly planted) {
        AppendReport report = check(planted, Order.REAL_TIME);
        assertThat(report.anomalies()).as(planted.name()).anySatisfy(anomaly -> {
            assertThat(anomaly.kind()).isEqualTo(planted.kind());
            assertThat(anomaly.order()).isEqualTo(planted.order());
        });
        assertThat(report.holds(Isolation.SERIALIZABLE, planted.order())).isFalse();
        assertThat(report.holds(planted.kind().forbiddenFrom(), planted.order()))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void isNoAnomalyBelowTheLevelThatForbidsIt(PlantedAnomaly planted) {
        AppendReport report = check(planted, Order.REAL_TIME);
        for (Isolation isolation : Isolation.values()) {
            if (isolation.compareTo(planted.kind().forbiddenFrom()) < 0) {
                assertThat(report.holds(isolation, planted.order()))
                        .as(isolation + " " + report.anomalies())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNoAnomalyWithAWeakerOrderThanItNeeds(PlantedAnomaly planted) {
        AppendReport report = check(planted, Order.REAL_TIME);
        for (Order order : Order.values()) {
            if (order.compareTo(planted.order()) < 0) {
                assertThat(report.holds(Isolation.SERIALIZABLE, order)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Behaviour.class)
    void aSoundHistoryIsNotComplainedOf(Behaviour behaviour) {
        if (behaviour == Behaviour.UNPROTECTED) {
            return;
        }
        AppendHistory.Builder builder = AppendHistory.builder();
        AppendModel.run(AppendModel.Settings.large(behaviour, 2_000, 10, 7), TransactionSink.into(builder));
        AppendReport report = new AppendChecker(behaviour.order()).check(builder.build());
        assertThat(report.holds(behaviour.guaranteed(), behaviour.order())).isTrue();
    }

    @Test
    void everyKindOfAnomalyIsPlanted() {
        Set<Kind> planted = EnumSet.noneOf(Kind.class);
        Arrays.stream(PlantedAnomaly.values()).map(PlantedAnomaly::kind).forEach(planted::add);
        assertThat(planted).isEqualTo(EnumSet.allOf(Kind.class));
    }

    @Test
    void writeSkewIsToldInProse() {
        AppendReport report = check(PlantedAnomaly.WRITE_SKEW, Order.NONE);
        Anomaly anomaly = report.anomalies().get(0);
        assertThat(anomaly.cycle()).hasSize(2);
        int first = anomaly.cycle().get(0).from();
        int second = anomaly.cycle().get(0).to();
        assertThat(anomaly.toString())
                .startsWith(
                        "G2-item (write skew): T" + first + " before T" + second + " because T" + first + " read key")
                .contains("when it was empty and did not see")
                .contains("which T" + second + " appended next; T" + second + " before T" + first + " because")
                .endsWith(": a cycle.");
    }

    @Test
    void aReadThatMissesAnAcknowledgedAppendIsToldInProse() {
        AppendReport report = check(PlantedAnomaly.LOST_APPEND_UNREAD, Order.REAL_TIME);
        assertThat(report.anomalies().get(0).toString())
                .startsWith("G-single (read skew) with real-time order: ")
                .contains("was acknowledged at 0.200001 s and T");
    }

    private static AppendReport check(PlantedAnomaly planted, Order order) {
        AppendHistory.Builder builder = AppendHistory.builder();
        TransactionSink sink = TransactionSink.into(builder);
        AppendModel.run(
                AppendModel.Settings.large(
                        Behaviour.SERIAL, 400, 5, planted.name().hashCode()),
                sink);
        planted.plant(sink, FREE_KEY, FREE_VALUE, 200_000_000);
        return new AppendChecker(order).check(builder.build());
    }
}
