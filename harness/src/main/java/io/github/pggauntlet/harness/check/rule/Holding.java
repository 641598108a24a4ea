package io.github.pggauntlet.harness.check.rule;

/**
 * A time during which somebody certainly held what only one may hold: the right to write, a virtual address, a lease. It ends
 * before {@code to}: who lets go at the instant at which another takes has not shared.
 *
 * @param holder who
 * @param from from when on, in nanoseconds
 * @param to until when; after {@code from}
 */
public record Holding(String holder, long from, long to) {

    public Holding {
        if (to <= from) {
            throw new IllegalArgumentException(holder + " cannot hold from " + from + " to " + to + ".");
        }
    }

    /** Whether both lasted at the same time, by different holders. */
    boolean clashesWith(Holding other) {
        return !holder.equals(other.holder) && from < other.to && other.from < to;
    }
}
