package io.github.pggauntlet.harness.history;

import java.util.List;

/** Something a client did to the database, and what came of it. */
public sealed interface Operation {

    /** When the call was made, in nanoseconds since the run's start. */
    long invoked();

    /** When the call had returned, in nanoseconds since the run's start. */
    long completed();

    /**
     * One transaction that inserts one row or several. The rows' keys follow one another, belong to this transaction
     * alone and are never used again, whatever the outcome.
     *
     * @param id the operation's number, unique in the run
     * @param session the session's number, unique in the run
     * @param kind by which way the session writes
     * @param firstKey the first row's key
     * @param keys the number of rows, at least 1
     * @param invoked when the first statement was sent
     * @param completed when the outcome was known to the client
     * @param outcome what the client knows of the write
     * @param sqlState the SQLSTATE of the error or warning; empty if there was none
     * @param node the member that the session was connected to; empty if not known
     * @param timeline the timeline that member wrote on; 0 if not known
     * @param detail the text of the error or warning; empty if there was none
     */
    record Write(
            long id,
            int session,
            SessionKind kind,
            long firstKey,
            int keys,
            long invoked,
            long completed,
            Outcome outcome,
            String sqlState,
            String node,
            int timeline,
            String detail)
            implements Operation {

        public Write {
            if (keys < 1 || firstKey < 0 || firstKey + keys - 1 > KeySet.LARGEST) {
                throw new IllegalArgumentException("A write has at least one key between 0 and " + KeySet.LARGEST
                        + ", not " + keys + " from " + firstKey + " on.");
            }
            if (completed < invoked) {
                throw new IllegalArgumentException("Write " + id + " is completed before it is invoked.");
            }
        }

        /** The last row's key. */
        public long lastKey() {
            return firstKey + keys - 1;
        }
    }

    /**
     * All rows that one member had at one instant.
     *
     * @param node the member that was read
     * @param occasion when in the run
     * @param invoked when the transaction was begun
     * @param completed when it had ended
     * @param timeline the timeline the member was on; 0 if not known
     * @param proven whether the same transaction also took a row lock and committed a write cleanly, which no isolated or
     *     read-only member can do
     * @param keys the keys of the rows that are as their writer wrote them
     * @param foreignRows the number of rows whose content is not what their writer wrote, or whose key nobody could write
     * @param rows the number of rows found
     * @param digest two members' rows are equal if and (but for hash collisions) only if their digests are
     * @param detail the first of the foreign rows; empty if there is none
     */
    record Read(
            String node,
            Occasion occasion,
            long invoked,
            long completed,
            int timeline,
            boolean proven,
            KeySet keys,
            long foreignRows,
            long rows,
            String digest,
            String detail)
            implements Operation {}

    /**
     * One transaction of a workload beside the ledger. What it read counts only if it was acknowledged.
     *
     * @param id the operation's number, unique in the run
     * @param session the session's number, unique in the run
     * @param invoked when the first statement was sent
     * @param completed when the outcome was known to the client
     * @param outcome what the client knows of it
     * @param sqlState the SQLSTATE of the error or warning; empty if there was none
     * @param node the member that the session was connected to
     * @param timeline the timeline that member was on; 0 if not known
     * @param accesses what it did, in order
     * @param detail the text of the error or warning, or {@link #FINAL_READ}; empty if there is nothing to say
     */
    record Transaction(
            long id,
            int session,
            long invoked,
            long completed,
            Outcome outcome,
            String sqlState,
            String node,
            int timeline,
            List<Access> accesses,
            String detail)
            implements Operation {

        /** The detail of a transaction that read everything from a primary, and proved it one, after the load had ended. */
        public static final String FINAL_READ = "final read";

        public Transaction {
            accesses = List.copyOf(accesses);
            if (completed < invoked) {
                throw new IllegalArgumentException("Transaction " + id + " is completed before it is invoked.");
            }
        }

        /** Whether it was acknowledged. */
        public boolean acknowledged() {
            return outcome == Outcome.ACKNOWLEDGED;
        }
    }
}
