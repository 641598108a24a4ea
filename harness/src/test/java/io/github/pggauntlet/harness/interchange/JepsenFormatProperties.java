package io.github.pggauntlet.harness.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pggauntlet.harness.check.append.AppendChecker;
import io.github.pggauntlet.harness.check.append.AppendReport;
import io.github.pggauntlet.harness.check.append.Isolation;
import io.github.pggauntlet.harness.check.append.Order;
import io.github.pggauntlet.harness.check.model.AppendModel;
import io.github.pggauntlet.harness.check.model.Behaviour;
import io.github.pggauntlet.harness.check.register.RegisterChecker;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Append;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Body;
import io.github.pggauntlet.harness.interchange.JepsenOperation.LineType;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Micro;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Read;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterCompareAndSet;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterRead;
import io.github.pggauntlet.harness.interchange.JepsenOperation.RegisterWrite;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class JepsenFormatProperties {

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsReadBack(@ForAll("histories") List<JepsenOperation> history, @ForAll JepsenFormat format) {
        assertThat(format.read(format.write(history))).isEqualTo(history);
    }

    /** A database under snapshot isolation is judged alike by way of a file. Places are not in it, so less may be seen. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void aHistoryByWayOfAFileIsJudgedAlike(
            @ForAll long seed, @ForAll Behaviour behaviour, @ForAll JepsenFormat format) {
        if (behaviour == Behaviour.UNPROTECTED) {
            return;
        }
        JepsenRecorder recorder = new JepsenRecorder();
        AppendModel.run(new AppendModel.Settings(behaviour, 60, 4, 3, 10, 4, 0.05, 0.05, seed), recorder);
        List<JepsenOperation> read = format.read(format.write(recorder.history()));
        AppendReport report = new AppendChecker(behaviour.order()).check(JepsenHistory.appends(read));
        assertThat(report.holds(behaviour.guaranteed(), behaviour.order()))
                .as(() -> report.anomalies().toString())
                .isTrue();
    }

    @Test
    void aWriteSkewInJepsensOwnWords() {
        String history = """
                ; as in history.edn
                #jepsen.history.Op{:index 0, :time 10, :type :invoke, :process :nemesis, :f :start, :value nil}
                #jepsen.history.Op{:index 1, :time 11, :type :invoke, :process 0, :f :txn, :value [[:r 1 nil] [:append 2 1]]}
                {:index 2 :time 12 :type :invoke :process 1 :f :txn :value [[:r 2 nil] [:append 1 1]]}
                {:index 3, :time 13, :type :ok, :process 0, :f :txn, :value [[:r 1 []] [:append 2 1]], :error ["x" #{1 2}]}
                {:index 4, :time 14, :type :ok, :process 1, :f :txn, :value [[:r 2 []] [:append 1 1]]} #_ {:gone 1}
                {:index 5, :time 15, :type :invoke, :process 1, :f :txn, :value [[:r 1 nil] [:r 2 nil]]}
                {:index 6, :time 16, :type :ok, :process 1, :f :txn, :value [[:r 1 [1]] [:r 2 [1]]]}
                """;
        AppendReport report =
                new AppendChecker(Order.REAL_TIME).check(JepsenHistory.appends(JepsenFormat.EDN.read(history)));
        assertThat(report.holds(Isolation.SERIALIZABLE, Order.NONE)).isFalse();
        assertThat(report.holds(Isolation.SNAPSHOT_ISOLATION, Order.REAL_TIME)).isTrue();
    }

    @Test
    void aRegisterAsAListOfMapsInJson() {
        String history = """
                [{"type":"invoke","f":"write","value":1,"process":0,"time":1,"index":0},
                 {"type":"ok","f":"write","value":1,"process":0,"time":2,"index":1},
                 {"type":"invoke","f":"read","value":null,"process":1,"time":3,"index":2},
                 {"type":"ok","f":"read","value":null,"process":1,"time":4,"index":3}]
                """;
        assertThat(new RegisterChecker()
                        .check(JepsenHistory.register(JepsenFormat.JSON.read(history)))
                        .linearizable())
                .isFalse();
    }

    @Test
    void whatIsWrongIsToldInASentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JepsenFormat.EDN.read("{:type :invoke"))
                .withMessage("the text ends too early at character 14.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JepsenFormat.EDN.read("{:type :maybe :process 0 :f :txn :value []}"))
                .withMessage("Operation 0 of the history: an operation is invoke, ok, fail or info, not 'maybe'.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JepsenFormat.JSON.read("{\"type\""))
                .withMessageStartingWith("The history is not JSON: ");
    }

    @Provide
    Arbitrary<List<JepsenOperation>> histories() {
        Arbitrary<Long> numbers = Arbitraries.longs();
        Arbitrary<Micro> micros = Arbitraries.oneOf(
                Combinators.combine(numbers, numbers).as(Append::new),
                Combinators.combine(numbers, numbers.list().ofMaxSize(3).optional())
                        .as((key, values) -> new Read(key, Optional.ofNullable(values.orElse(null)))));
        Arbitrary<Body> bodies = Arbitraries.oneOf(
                micros.list().ofMaxSize(3).map(Transaction::new),
                numbers.map(RegisterWrite::new),
                numbers.map(value -> new RegisterRead(OptionalLong.of(value))),
                Arbitraries.just(new RegisterRead(OptionalLong.empty())),
                Combinators.combine(numbers, numbers).as(RegisterCompareAndSet::new));
        return Combinators.combine(numbers, numbers, Arbitraries.of(LineType.class), numbers, bodies)
                .as(JepsenOperation::new)
                .list()
                .ofMaxSize(5);
    }
}
