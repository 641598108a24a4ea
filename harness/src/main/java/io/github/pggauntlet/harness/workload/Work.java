package io.github.pggauntlet.harness.workload;

import io.github.pggauntlet.harness.history.Access;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What is done within one transaction. For use by one session. */
@FunctionalInterface
interface Work {

    /**
     * Does it. What is about to be done is noted before it is done, so that nothing goes unrecorded if it breaks.
     *
     * @param accesses what has been done
     * @param special what makes the transaction special
     * @return false if it is to be rolled back
     */
    boolean fill(Connection connection, List<Access> accesses, Specials special) throws SQLException;

    /** What can be done in the midst of a transaction. */
    interface Specials {

        /** Pauses, now and then. */
        void pause();

        /** Does something and takes it back by a savepoint, now and then. */
        void abandon(Access access, Statements statements) throws SQLException;
    }

    /** Statements. */
    @FunctionalInterface
    interface Statements {
        void execute() throws SQLException;
    }
}
