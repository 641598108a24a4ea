package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.strategy.Promises;

/**
 * What a run is written into, and what it is of.
 *
 * @param folder everything of it
 * @param plan what is run
 * @param promises what the strategy promises
 * @param history what the clients see
 * @param events what happens
 * @param clock the run's time
 * @param begin when it was called for, by {@link System#nanoTime}
 */
record Recording(
        RunFolder folder,
        RunPlan plan,
        Promises promises,
        HistoryWriter history,
        EventWriter events,
        RunClock clock,
        long begin) {}
