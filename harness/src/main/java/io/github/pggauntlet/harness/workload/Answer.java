package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Outcome;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client concludes from the answer to a write. Source: the harness's rules of judgement.
 *
 * @param outcome the conclusion
 * @param sqlState the SQLSTATE it rests on; empty if there is none
 * @param detail the text of the error or warning; empty if there is none
 */
record Answer(Outcome outcome, String sqlState, String detail) {

    static final Answer ACKNOWLEDGED = new Answer(Outcome.ACKNOWLEDGED, "", "");

    private static final int LONGEST_DETAIL = 200;

    /**
     * Serialization failure, deadlock, read-only transaction: the server raises them before it commits. So is the whole class
     * 23, integrity constraint violation. Cannot-connect-now is not here: it ends a connection, not a write.
     */
    private static final Set<String> BEFORE_COMMIT = Set.of("40001", "40P01", "25006");

    private static final String CONSTRAINT_VIOLATION = "23";

    /**
     * The COMMIT came back without an error.
     *
     * @param warning what came with it: a wait for a standby that was cancelled says so in a warning (01000), and the row may
     *     then exist on this member only
     */
    static Answer committed(@Nullable SQLWarning warning) {
        return warning == null ? ACKNOWLEDGED : of(Outcome.UNKNOWN, warning);
    }

    /** An error came before COMMIT was sent, or a statement that commits by itself: nothing can have been committed. */
    static Answer neverCommitted(SQLException error) {
        return of(Outcome.FAILED, error);
    }

    /** An error came after COMMIT was sent, alone or with a statement that commits by itself. */
    static Answer perhapsCommitted(SQLException error) {
        String state = state(error);
        boolean known = BEFORE_COMMIT.contains(state) || state.startsWith(CONSTRAINT_VIOLATION);
        return of(known ? Outcome.FAILED : Outcome.UNKNOWN, error);
    }

    private static Answer of(Outcome outcome, SQLException error) {
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        return new Answer(outcome, state(error), message.substring(0, Math.min(message.length(), LONGEST_DETAIL)));
    }

    private static String state(SQLException error) {
        String state = error.getSQLState();
        return state == null ? "" : state;
    }
}
