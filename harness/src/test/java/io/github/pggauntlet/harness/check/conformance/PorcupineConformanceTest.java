package io.github.pggauntlet.harness.check.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.check.append.AppendChecker;
import io.github.pggauntlet.harness.check.append.AppendHistory;
import io.github.pggauntlet.harness.check.append.AppendReport;
import io.github.pggauntlet.harness.check.append.Isolation;
import io.github.pggauntlet.harness.check.append.Order;
import io.github.pggauntlet.harness.check.conformance.PorcupineHistories.Kv;
import io.github.pggauntlet.harness.check.model.WingGongLowe;
import io.github.pggauntlet.harness.check.model.WingGongLowe.Call;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Histories published by others, and what is known of them. */
class PorcupineConformanceTest {

    private static final Map<String, Boolean> EXPECTED = PorcupineHistories.expected();
    private static final Map<String, String> TEXTS = PorcupineHistories.texts();

    @Test
    void theSearchAgreesOnTheHistoriesOfEtcd() {
        Map<String, Boolean> found = new HashMap<>();
        Map<String, Boolean> expected = new HashMap<>();
        EXPECTED.forEach((name, linearizable) -> {
            if (name.startsWith("jepsen")) {
                expected.put(name, linearizable);
                found.put(
                        name,
                        WingGongLowe.linearizable(
                                PorcupineHistories.ETCD_MODEL, PorcupineHistories.etcd(TEXTS.get(name))));
            }
        });
        assertThat(expected).hasSize(102);
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void theSearchAgreesOnTheHistoriesOfStrings() {
        EXPECTED.forEach((name, linearizable) -> {
            if (name.startsWith("kv")) {
                assertThat(PorcupineHistories.kv(TEXTS.get(name)).values().stream()
                                .allMatch(calls -> WingGongLowe.linearizable(PorcupineHistories.KV_MODEL, calls)))
                        .as(name)
                        .isEqualTo(linearizable);
            }
        });
    }

    /** A string nobody puts and everybody appends to is a list: linearizable if strictly serializable. */
    @Test
    void theCheckerOfListsAgreesWithTheSearchWhereStringsAreOnlyAppendedTo() {
        int judged = 0;
        int broken = 0;
        for (String name : EXPECTED.keySet()) {
            if (name.startsWith("kv")) {
                for (List<Call<Kv>> calls :
                        PorcupineHistories.kv(TEXTS.get(name)).values()) {
                    if (isListOfUniqueValues(calls)) {
                        boolean linearizable = WingGongLowe.linearizable(PorcupineHistories.KV_MODEL, calls);
                        AppendReport report = new AppendChecker(Order.REAL_TIME).check(asLists(calls));
                        assertThat(report.holds(Isolation.SERIALIZABLE, Order.REAL_TIME))
                                .as(() -> name + " " + report.anomalies())
                                .isEqualTo(linearizable);
                        judged++;
                        broken += linearizable ? 0 : 1;
                    }
                }
            }
        }
        assertThat(judged).isEqualTo(15);
        assertThat(broken).isEqualTo(2);
    }

    private static boolean isListOfUniqueValues(List<Call<Kv>> calls) {
        Set<String> appended = new HashSet<>();
        return calls.stream().map(Call::operation).allMatch(operation -> switch (operation.name()) {
            case "append" -> appended.add(operation.value());
            case "get" -> true;
            default -> false;
        });
    }

    private static AppendHistory asLists(List<Call<Kv>> calls) {
        Map<String, Integer> values = new HashMap<>();
        AppendHistory.Builder builder = AppendHistory.builder();
        int session = 0;
        for (Call<Kv> call : calls) {
            builder.begin(
                    session++,
                    call.invoked(),
                    call.completed(),
                    call.optional() ? Outcome.UNKNOWN : Outcome.ACKNOWLEDGED);
            if (call.operation().name().equals("get")) {
                List<Integer> seen = new ArrayList<>();
                for (String part : call.operation().value().split("(?<=y)")) {
                    if (!part.isEmpty()) {
                        seen.add(number(values, part));
                    }
                }
                builder.read(0, seen.stream().mapToInt(Integer::intValue).toArray());
            } else {
                builder.append(0, number(values, call.operation().value()), AppendHistory.UNPLACED);
            }
            builder.end();
        }
        return builder.build();
    }

    private static int number(Map<String, Integer> values, String value) {
        return values.computeIfAbsent(value, any -> values.size());
    }
}
