package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Injector;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.strategy.JournalEntry;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Failovers of a cluster under a strategy, recorded as a run records them. For use by one thread. */
final class MeasuredFailovers {

    private static final long WRITES_BEFORE = 200;
    private static final long WRITES_AFTER = 50;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final BenchCluster cluster;
    private final int sessions;
    private final Recorder recorder;
    private final EventWriter events;
    private final RunClock clock;
    private final Injector injector;
    private final Map<String, Long> seen = new HashMap<>();
    private int faults;

    MeasuredFailovers(BenchCluster cluster, int sessions, Recorder recorder, EventWriter events, RunClock clock) {
        this.cluster = cluster;
        this.sessions = sessions;
        this.recorder = recorder;
        this.events = events;
        this.clock = clock;
        this.injector = new Injector(cluster.machines(), cluster.cluster());
    }

    /** One failover under load. What was broken is healed, the cluster whole again, and nobody writes, when this returns. */
    void once(Fault fault) throws InterruptedException {
        cluster.awaitWhole();
        try (Workload load = Workload.start(
                WorkloadSettings.standard(faults).withSessions(sessions),
                cluster.cluster().clients(),
                cluster.machines().routes(),
                cluster.machines().members(),
                recorder)) {
            load.awaitAcknowledged(WRITES_BEFORE, LIMIT);
            ActiveFault active = injector.inject(fault);
            ActiveFault.Made made = active.made();
            record(made);
            // Whom the fault has hit: under heavy load the primary may be another one than a moment before.
            cluster.awaitTakeover(String.join("", made.resolved().values()));
            load.awaitAcknowledged(WRITES_AFTER, LIMIT);
            load.stop(STOP);
            active.heal();
        }
        cluster.awaitWhole();
        for (JournalEntry entry : cluster.journals(seen)) {
            events.append(new RunEvent.Journal(clock.nanos(), entry));
            seen.merge(entry.member(), entry.sequence(), Math::max);
        }
    }

    /** What the members have done since the last failover that succeeded: why the present one did not. */
    void tellJournals(PrintWriter progress) {
        for (JournalEntry entry : cluster.journals(seen)) {
            progress.println(
                    "  " + entry.at() + " " + entry.member() + " " + entry.milestone() + " " + entry.details());
        }
        progress.flush();
    }

    private void record(ActiveFault.Made made) {
        faults++;
        events.append(new RunEvent.FaultMade(
                clock.anchor().nanos(made.from()),
                clock.anchor().nanos(made.to()),
                "f" + faults,
                made.fault().toString(),
                made.judgedAs(),
                String.join(" and ", made.resolved().keySet()),
                String.join(" and ", made.resolved().values()),
                made.evidence().toString()));
    }
}
