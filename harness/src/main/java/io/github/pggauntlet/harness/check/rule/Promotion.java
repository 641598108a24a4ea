package io.github.pggauntlet.harness.check.rule;

import io.github.pggauntlet.strategy.postgres.TimelineHistory;

/**
 * A server became primary.
 *
 * @param term the term of the right it had, by whatever counts terms: a lease's revision for example
 * @param node the server
 * @param history the timeline it was promoted to, and that one's ancestors
 * @param at when, in nanoseconds
 */
public record Promotion(long term, String node, TimelineHistory history, long at) {}
