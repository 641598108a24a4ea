package io.github.pggauntlet.harness.check.model;

import io.github.pggauntlet.harness.check.append.AppendHistory;
import io.github.pggauntlet.harness.history.Outcome;

/** Takes in what transactions did, in the order of their completion. */
public interface TransactionSink {

    /** A transaction begins; its operations follow. Times are nanoseconds. */
    void begin(int session, long invoked, long completed, Outcome outcome);

    /** An append, and the place it returned. */
    void append(int key, int value, int place);

    /** A read of a whole list. */
    void read(int key, int[] values);

    /** The transaction ends. */
    void end();

    /** A sink that fills a history for the checker. */
    static TransactionSink into(AppendHistory.Builder builder) {
        return new TransactionSink() {
            @Override
            public void begin(int session, long invoked, long completed, Outcome outcome) {
                builder.begin(session, invoked, completed, outcome);
            }

            @Override
            public void append(int key, int value, int place) {
                builder.append(key, value, place);
            }

            @Override
            public void read(int key, int[] values) {
                builder.read(key, values);
            }

            @Override
            public void end() {
                builder.end();
            }
        };
    }
}
