package io.github.pggauntlet.harness.check.rule;

/**
 * Whether the cluster was healthy at one time.
 *
 * @param at when, in nanoseconds
 * @param healthy whether it was: a primary accepts writes and every standby streams from it
 * @param note what was amiss; empty if nothing
 */
public record HealthSample(long at, boolean healthy, String note) {}
