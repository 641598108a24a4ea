package io.github.pggauntlet.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pggauntlet.harness.history.Outcome;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

    @ParameterizedTest
    @CsvSource({
        "40001, FAILED", // serialization failure
        "40P01, FAILED", // deadlock
        "25006, FAILED", // a standby
        "23505, FAILED", // unique violation
        "57P01, UNKNOWN", // terminated, perhaps while it waited for a standby
        "57014, UNKNOWN", // cancelled
        "08006, UNKNOWN", // connection broken
        "53100, UNKNOWN", // disk full
        "40003, UNKNOWN", // the server itself does not know
    })
    void whatAnErrorSaysOfAWriteWhoseCommitWasSent(String state, Outcome outcome) {
        assertThat(Answer.perhapsCommitted(new SQLException("x", state)).outcome())
                .isEqualTo(outcome);
    }

    @Test
    void beforeCommitWasSentNothingIsCommitted() {
        assertThat(Answer.neverCommitted(new SQLException("x", "08006")).outcome())
                .isEqualTo(Outcome.FAILED);
    }

    @Test
    void anErrorWithoutAStateIsUnknown() {
        assertThat(Answer.perhapsCommitted(new SQLException("x"))).isEqualTo(new Answer(Outcome.UNKNOWN, "", "x"));
    }

    @Test
    void aCommitIsAcknowledgedOnlyWithoutAnyWarning() {
        assertThat(Answer.committed(null).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        Answer cancelled = Answer.committed(new SQLWarning("canceling wait for synchronous replication", "01000"));
        assertThat(cancelled.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(cancelled.sqlState()).isEqualTo("01000");
    }

    @Test
    void contentsTellKeysApart() {
        assertThat(Ledger.content(1)).isEqualTo("row 1 9e3779b1");
        assertThat(Ledger.content(2)).isEqualTo("row 2 3c6ef362");
    }
}
