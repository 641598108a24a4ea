package io.github.pggauntlet.scenarios.detect;

import java.util.Locale;
import java.util.function.Consumer;

/** Keeps what has been seen up to date in its folder, and tells of it as it comes. Safe for use by several threads. */
public final class DetectionLog {

    private final DetectionFolder folder;
    private final Consumer<String> told;
    private Detection soFar;

    /**
     * @param folder where it is kept; what is there already is gone on with
     * @param told hears of each result in a line
     * @throws IllegalArgumentException if the folder holds something else
     */
    public DetectionLog(DetectionFolder folder, Consumer<String> told) {
        this.folder = folder;
        this.told = told;
        this.soFar = folder.read();
    }

    /** What has been seen so far. */
    public synchronized Detection soFar() {
        return soFar;
    }

    /**
     * Adds a sighting.
     *
     * @return whether the mistake was found
     */
    public synchronized boolean add(Sighting sighting) {
        soFar = soFar.with(sighting);
        folder.write(soFar);
        told.accept(sighting.strategy() + (sighting.found() ? ": found by " : ": NOT found, broken ")
                + sighting.checkers() + ", tries " + sighting.tries() + ", "
                + String.format(Locale.ROOT, "%.0f s", sighting.seconds()) + ": " + sighting.said());
        return sighting.found();
    }

    /**
     * Adds a run of a sound strategy.
     *
     * @return whether it was not taken for a broken one
     */
    public synchronized boolean add(SoundRun run) {
        soFar = soFar.with(run);
        folder.write(soFar);
        told.accept(run.strategy() + " on " + run.way() + ": " + run.verdict() + " " + run.said());
        return !run.verdict().equals("broken");
    }
}
