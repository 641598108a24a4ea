package io.github.pggauntlet.strategy.decision;

import java.util.Set;

/**
 * Who may be promoted once the primary is lost, and on what condition: what a primary has put on record.
 *
 * <p>A promotion needs answers of so many members that each set of members which could have acknowledged a commit has one
 * among them; the most advanced of those who answered then has every acknowledged commit. Whoever put this on record has
 * them all by itself.
 *
 * @param members the members that may be promoted, {@code by} among them; empty until the cluster's data exists
 * @param toHear how many of them, {@code by} not counted, must have answered before one is promoted; at least 1
 * @param by the primary that put this on record; empty text until there was one
 * @param timeline the timeline that primary was on, or was about to leave, when it did
 */
public record Succession(Set<String> members, int toHear, String by, int timeline) {

    /** Nobody may be promoted. */
    public static final Succession NONE = new Succession(Set.of(), 1, "", 0);

    public Succession {
        members = Set.copyOf(members);
        if (toHear < 1) {
            throw new IllegalArgumentException("At least one member must be heard, not " + toHear + ".");
        }
    }

    /** The primary alone may be promoted. */
    public static Succession alone(String primary, int timeline) {
        return new Succession(Set.of(primary), 1, primary, timeline);
    }
}
