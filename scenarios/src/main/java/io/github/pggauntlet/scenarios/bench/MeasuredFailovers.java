package io.github.pggauntlet.scenarios.bench;

import io.github.pggauntlet.harness.cluster.Ownership;
import io.github.pggauntlet.harness.fault.ActiveFault;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.harness.fault.Fault;
import io.github.pggauntlet.harness.fault.Injector;
import io.github.pggauntlet.harness.fault.Target;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.strategy.JournalEntry;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Failovers of a cluster under a strategy, recorded as a run records them. For use by one thread. */
final class MeasuredFailovers {

    private static final long WRITES_BEFORE = 200;
    private static final long WRITES_AFTER = 50;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final BenchCluster cluster;
    private final DockerCli docker;
    private final int sessions;
    private final Recorder recorder;
    private final EventWriter events;
    private final RunClock clock;
    private final Injector injector;
    private final Map<String, Long> seen = new HashMap<>();
    private int faults;

    MeasuredFailovers(
            BenchCluster cluster,
            DockerCli docker,
            int sessions,
            Recorder recorder,
            EventWriter events,
            RunClock clock) {
        this.cluster = cluster;
        this.docker = docker;
        this.sessions = sessions;
        this.recorder = recorder;
        this.events = events;
        this.clock = clock;
        this.injector = new Injector(cluster.machines(), cluster.cluster());
    }

    /** What is done to the primary, and how it is taken back. */
    private interface Blow {

        Made strike() throws InterruptedException;

        void heal() throws InterruptedException;
    }

    /** One failover under load. What was broken is healed, the cluster whole again, and nobody writes, when this returns. */
    void once(Fault fault) throws InterruptedException {
        cluster.awaitWhole();
        measure(new Blow() {
            private @Nullable ActiveFault active;

            @Override
            public Made strike() throws InterruptedException {
                ActiveFault made = injector.inject(fault);
                active = made;
                return made.made();
            }

            @Override
            public void heal() throws InterruptedException {
                if (active != null) {
                    active.heal();
                }
            }
        });
    }

    /**
     * One failover under load after the primary's postmaster was killed, in the way in which it is killed by hand at the bare
     * limit: what kills is there before, and only waits for its word. Another command in a container costs the computer tens
     * of milliseconds, which would count as the strategy's.
     */
    void killPostmaster() throws InterruptedException {
        cluster.awaitWhole();
        String primary = cluster.primary();
        if (cluster.machines().machine(primary).hasOwnKernel()) {
            once(new Fault.KillPostmaster(Target.primary()));
            return;
        }
        try (ArmedKill kill = ArmedKill.in(docker, container(primary))) {
            measure(new Blow() {
                @Override
                public Made strike() throws InterruptedException {
                    Fault fault = new Fault.KillPostmaster(Target.primary());
                    Instant from = Instant.now();
                    kill.kill();
                    return new Made(
                            fault,
                            fault.faultClass(),
                            Map.of("the primary", primary),
                            from,
                            Instant.now(),
                            Map.of("signal", "sent"));
                }

                @Override
                public void heal() {
                    // The strategy does that.
                }
            });
        }
    }

    private String container(String member) throws InterruptedException {
        String run = cluster.machines().run();
        return docker.run(
                "ps",
                "--quiet",
                "--filter",
                "label=" + Ownership.RUN + "=" + run,
                "--filter",
                "name=" + run + "-" + member + "$");
    }

    private void measure(Blow blow) throws InterruptedException {
        try (Workload load = Workload.start(
                WorkloadSettings.standard(faults).withSessions(sessions),
                cluster.cluster().clients(),
                cluster.machines().routes(),
                // Nobody looks for a second primary here, as nobody does on the other side.
                List.of(),
                recorder)) {
            load.awaitAcknowledged(WRITES_BEFORE, LIMIT);
            Made made = blow.strike();
            record(made);
            // Nobody is asked anything before writes go on: each answer would cost the members what they need
            // themselves.
            load.awaitAcknowledged(WRITES_AFTER, LIMIT);
            // Whom the fault has hit: under heavy load the primary may be another one than a moment before.
            cluster.awaitTakeover(String.join("", made.resolved().values()));
            load.awaitAcknowledged(WRITES_AFTER, LIMIT);
            load.stop(STOP);
            blow.heal();
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

    private void record(Made made) {
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
