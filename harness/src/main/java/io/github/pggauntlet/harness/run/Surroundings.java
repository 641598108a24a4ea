package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.cluster.AddressCensus;
import io.github.pggauntlet.harness.cluster.PowerSwitch;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.strategy.HostRequirements;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What is recorded of a cluster's surroundings while something happens on it, and what they do for it. */
final class Surroundings {

    private final Recording recording;
    private final HostRequirements requirements;
    private final RunListener listener;

    Surroundings(Recording recording, HostRequirements requirements, RunListener listener) {
        this.recording = recording;
        this.requirements = requirements;
        this.listener = listener;
    }

    /** What happens. */
    @FunctionalInterface
    interface Happening {
        Duration happen() throws InterruptedException;
    }

    /** Counts all the while who answers for the virtual address, if there is one, and has a hand at the power switch. */
    Duration during(TestCluster machines, Happening happening) throws InterruptedException {
        AddressCensus.Count census = count(machines, recording.events(), recording.clock());
        try {
            return powered(machines, happening);
        } finally {
            census.close();
        }
    }

    /** With a hand at the machines' power switch, where the strategy needs one. */
    private Duration powered(TestCluster machines, Happening happening) throws InterruptedException {
        if (!requirements.fencing()) {
            return happening.happen();
        }
        PowerSwitch.Service power =
                machines.power().begin(new RecordedPower(recording.events(), recording.clock(), listener));
        try {
            return happening.happen();
        } finally {
            power.close();
        }
    }

    private static AddressCensus.Count count(TestCluster machines, EventWriter events, RunClock clock) {
        AddressCensus.Sink sink = new AddressCensus.Sink() {
            @Override
            public void answered(Set<String> owners) {
                events.append(new RunEvent.AddressSample(clock.nanos(), List.copyOf(owners)));
            }

            @Override
            public void held(Set<String> holders, Set<String> silent) {
                events.append(new RunEvent.AddressHeld(clock.nanos(), List.copyOf(holders), List.copyOf(silent)));
            }
        };
        return machines.census().map(census -> census.begin(sink)).orElse(() -> {});
    }
}
