package io.github.pggauntlet.strategy.arbiter;

import java.time.Duration;

/**
 * The right to be primary, for a time.
 *
 * @param member who holds it
 * @param term how many times it has been taken; no two leases of a cluster have the same term
 * @param id the arbiter's own name for it
 * @param duration how long it lasts after it was taken or last renewed
 */
public record Lease(String member, long term, long id, Duration duration) {}
