package io.github.pggauntlet.scenarios.bench;

import java.io.PrintWriter;

/** Something that is measured on two sides. */
public interface Benchmark {

    /** The name by which users choose it. */
    String name();

    /**
     * Measures and prints the figures.
     *
     * @param out where the figures go
     * @param progress where it is told how it goes on
     * @throws io.github.pggauntlet.harness.cluster.EnvironmentException if the machines could not be had or be kept
     * @throws InterruptedException if the calling thread is interrupted; everything that was started is removed
     */
    void run(PrintWriter out, PrintWriter progress) throws InterruptedException;
}
