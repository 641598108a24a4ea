package io.github.pggauntlet.scenarios.detect;

/**
 * What came of a sound strategy on a schedule by which mistakes are found.
 *
 * @param strategy the sound strategy
 * @param way the scenario
 * @param seed the run's seed
 * @param verdict the ruling
 * @param faults how many faults were made
 * @param failovers how many failovers happened
 * @param said what the verdict said against it; empty if every promise was kept
 */
public record SoundRun(
        String strategy, String way, long seed, String verdict, int faults, int failovers, String said) {}
