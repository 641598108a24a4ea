package io.github.pggauntlet.harness.check.append;

import io.github.pggauntlet.harness.check.model.TransactionSink;
import io.github.pggauntlet.harness.history.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A transaction as tests write it down. */
record Transaction(int session, long invoked, long completed, Outcome outcome, List<Operation> operations) {

    Transaction {
        operations = List.copyOf(operations);
    }

    sealed interface Operation {
        int key();
    }

    record Append(int key, int value, int place) implements Operation {}

    record Read(int key, List<Integer> values) implements Operation {
        Read {
            values = List.copyOf(values);
        }
    }

    boolean acknowledged() {
        return outcome == Outcome.ACKNOWLEDGED;
    }

    /** Whether this one must come before the other. */
    boolean precedes(Transaction other, Order order) {
        return acknowledged()
                && switch (order) {
                    case NONE -> false;
                    case SESSION -> session == other.session && invoked < other.invoked;
                    case REAL_TIME ->
                        (session == other.session && invoked < other.invoked) || completed < other.invoked;
                };
    }

    static AppendHistory history(List<Transaction> transactions) {
        AppendHistory.Builder builder = AppendHistory.builder();
        for (Transaction transaction : transactions) {
            builder.begin(transaction.session(), transaction.invoked(), transaction.completed(), transaction.outcome());
            for (Operation operation : transaction.operations()) {
                if (operation instanceof Append append) {
                    builder.append(append.key(), append.value(), append.place());
                } else if (operation instanceof Read read) {
                    builder.read(
                            read.key(),
                            read.values().stream().mapToInt(Integer::intValue).toArray());
                }
            }
            builder.end();
        }
        return builder.build();
    }

    /** Gathers what a model database does. */
    static final class Collector implements TransactionSink {

        final List<Transaction> transactions = new ArrayList<>();
        private final List<Operation> operations = new ArrayList<>();
        private int session;
        private long invoked;
        private long completed;
        private Outcome outcome = Outcome.UNKNOWN;

        @Override
        public void begin(int itsSession, long itsInvoked, long itsCompleted, Outcome itsOutcome) {
            session = itsSession;
            invoked = itsInvoked;
            completed = itsCompleted;
            outcome = itsOutcome;
            operations.clear();
        }

        @Override
        public void append(int key, int value, int place) {
            operations.add(new Append(key, value, place));
        }

        @Override
        public void read(int key, int[] values) {
            operations.add(new Read(key, Arrays.stream(values).boxed().toList()));
        }

        @Override
        public void end() {
            transactions.add(new Transaction(session, invoked, completed, outcome, operations));
        }
    }
}
