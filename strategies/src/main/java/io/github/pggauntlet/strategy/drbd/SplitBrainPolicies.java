package io.github.pggauntlet.strategy.drbd;

import java.util.Locale;

/**
 * What DRBD does by itself when two machines that have both been primary without each other meet again.
 *
 * <p>Everything but {@code disconnect}, and {@code discard-zero-changes} where one side has nothing to lose, throws away writes
 * that were acknowledged, behind a line in the log that says the split brain was resolved. Source:
 * {@code drbd.conf-8.4(5)}, {@code after-sb-0pri}, {@code after-sb-1pri}, {@code after-sb-2pri}.
 *
 * @param none when neither is primary at that moment
 * @param one when one is
 * @param two when both are
 */
public record SplitBrainPolicies(NoPrimary none, OnePrimary one, TwoPrimaries two) {

    /** Nobody is primary at the moment they meet. */
    public enum NoPrimary {
        DISCONNECT,
        DISCARD_YOUNGER_PRIMARY,
        DISCARD_OLDER_PRIMARY,
        DISCARD_ZERO_CHANGES,
        DISCARD_LEAST_CHANGES;

        String word() {
            return SplitBrainPolicies.word(this);
        }

        static NoPrimary of(String word) {
            return DrbdConfig.named(values(), word, NoPrimary::word, "policy for a split brain without a primary");
        }
    }

    /** One is primary. */
    public enum OnePrimary {
        DISCONNECT,
        CONSENSUS,
        DISCARD_SECONDARY,
        CALL_PRI_LOST_AFTER_SB;

        String word() {
            return SplitBrainPolicies.word(this);
        }

        static OnePrimary of(String word) {
            return DrbdConfig.named(values(), word, OnePrimary::word, "policy for a split brain with one primary");
        }
    }

    /** Both are. */
    public enum TwoPrimaries {
        DISCONNECT,
        CALL_PRI_LOST_AFTER_SB;

        String word() {
            return SplitBrainPolicies.word(this);
        }

        static TwoPrimaries of(String word) {
            return DrbdConfig.named(values(), word, TwoPrimaries::word, "policy for a split brain with two primaries");
        }
    }

    /** Nothing is thrown away: they stay apart until somebody decides. */
    public static SplitBrainPolicies keepAll() {
        return new SplitBrainPolicies(NoPrimary.DISCONNECT, OnePrimary.DISCONNECT, TwoPrimaries.DISCONNECT);
    }

    /**
     * Whether any of them may throw away writes that were acknowledged. {@code consensus} does what the policy without a
     * primary would do, if that hits the secondary.
     */
    public boolean mayDiscard() {
        boolean withNone = none != NoPrimary.DISCONNECT && none != NoPrimary.DISCARD_ZERO_CHANGES;
        boolean withOne = one == OnePrimary.DISCARD_SECONDARY || one == OnePrimary.CALL_PRI_LOST_AFTER_SB;
        return withNone || withOne || two == TwoPrimaries.CALL_PRI_LOST_AFTER_SB;
    }

    private static String word(Enum<?> policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
