package io.github.pggauntlet.strategy.decision;

import java.util.Locale;

/**
 * How a member finds its way back to following the primary.
 *
 * @param way the way
 * @param reason why this way, as a sentence for people
 */
public record RejoinPlan(Way way, String reason) {

    /** The ways. */
    public enum Way {
        /** Start as a standby and stream on: what is here is a prefix of what the primary has. */
        FOLLOW,
        /** As {@link #FOLLOW}, after recovering from a crash, which happens as a standby. */
        RECOVER,
        /** Take back what the primary never had, with pg_rewind, then follow. */
        REWIND,
        /** Copy everything anew, with pg_basebackup; what was here is kept aside. */
        COPY,
        /** Touch nothing and call for an operator. */
        QUARANTINE,
        /** Ask again later: the primary is not ready to be rejoined in the way that is needed. */
        WAIT;

        /** The name used in journals and reports. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
