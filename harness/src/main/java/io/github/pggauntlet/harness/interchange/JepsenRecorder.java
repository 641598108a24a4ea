package io.github.pggauntlet.harness.interchange;

import io.github.pggauntlet.harness.check.model.TransactionSink;
import io.github.pggauntlet.harness.history.Outcome;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Append;
import io.github.pggauntlet.harness.interchange.JepsenOperation.LineType;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Micro;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Read;
import io.github.pggauntlet.harness.interchange.JepsenOperation.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Takes in transactions over lists and makes a history of them as Jepsen writes it. Not safe for use by several threads. */
public final class JepsenRecorder implements TransactionSink {

    private final List<JepsenOperation> lines = new ArrayList<>();
    private final List<Micro> planned = new ArrayList<>();
    private final List<Micro> done = new ArrayList<>();
    private int session;
    private long invoked;
    private long completed;
    private Outcome outcome = Outcome.UNKNOWN;

    /** An empty recorder. */
    public JepsenRecorder() {}

    @Override
    public void begin(int itsSession, long itsInvoked, long itsCompleted, Outcome itsOutcome) {
        session = itsSession;
        invoked = itsInvoked;
        completed = itsCompleted;
        outcome = itsOutcome;
        planned.clear();
        done.clear();
    }

    @Override
    public void append(int key, int value, int place) {
        planned.add(new Append(key, value));
        done.add(new Append(key, value));
    }

    @Override
    public void read(int key, int[] values) {
        planned.add(new Read(key, Optional.empty()));
        done.add(new Read(
                key, Optional.of(Arrays.stream(values).asLongStream().boxed().toList())));
    }

    @Override
    public void end() {
        LineType type = switch (outcome) {
            case ACKNOWLEDGED -> LineType.OK;
            case FAILED -> LineType.FAIL;
            case UNKNOWN -> LineType.INFO;
        };
        lines.add(new JepsenOperation(0, invoked, LineType.INVOKE, session, new Transaction(planned)));
        lines.add(new JepsenOperation(
                0, completed, type, session, new Transaction(type == LineType.OK ? done : planned)));
    }

    /** The history so far, in the order of time. */
    public List<JepsenOperation> history() {
        List<JepsenOperation> sorted = lines.stream()
                .sorted(Comparator.comparingLong(JepsenOperation::time))
                .toList();
        List<JepsenOperation> numbered = new ArrayList<>();
        for (JepsenOperation line : sorted) {
            numbered.add(new JepsenOperation(numbered.size(), line.time(), line.type(), line.process(), line.body()));
        }
        return numbered;
    }
}
