package io.github.pggauntlet.scenarios.cli;

import io.github.pggauntlet.harness.run.RunPlan;
import io.github.pggauntlet.strategy.Timings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What kind of machines there are, and how quick a strategy is to be on them. */
final class MachineOptions {

    @Option(
            names = "--own-kernels",
            description =
                    "Each machine has a kernel of its own, as a virtual machine: what it has not flushed is lost with its"
                            + " power, and its clock and its disk can be broken. Takes 0.7 GB for each, and the timings of"
                            + " production unless others are named.")
    private boolean ownKernels;

    @Option(
            names = "--timings",
            paramLabel = "NAME",
            description =
                    "The durations the strategy works with: quick (leases of 3 s, the default) or production (15 s).")
    private @Nullable String timings;

    /**
     * A plan with them.
     *
     * @throws IllegalArgumentException if there are no timings of that name
     */
    RunPlan applied(RunPlan plan) {
        String named = timings;
        if (named == null) {
            return plan.withOwnKernels(ownKernels).withTimings(ownKernels ? Timings.production() : plan.timings());
        }
        return plan.withOwnKernels(ownKernels).withTimings(Timings.of(named));
    }

    /** The options as they were given. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (ownKernels) {
            words.add("--own-kernels");
        }
        String named = timings;
        if (named != null) {
            words.addAll(List.of("--timings", named));
        }
        return words;
    }
}
