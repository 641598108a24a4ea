package io.github.pggauntlet.harness.workload;

import java.sql.SQLException;

/** What a session does over and over. For use by one session, and by whoever aborts it. */
interface Deed {

    /** Whether each statement commits by itself. */
    boolean autocommit();

    /** Readies a new connection. */
    default void ready(Link link) throws SQLException {}

    /** Does it once and records it; false if the connection is of no more use. */
    boolean once(Link link);

    /** Breaks off what it waits for beside the link. Safe to call from any thread. */
    default void abort() {}

    /** Gives away what it holds beside the link. */
    default void close() {}
}
