package io.github.pggauntlet.harness.check.rule;

/**
 * A rule that was not kept.
 *
 * @param rule the rule's name
 * @param sentence what was seen, such that a reader can look it up
 */
public record Breach(String rule, String sentence) {}
