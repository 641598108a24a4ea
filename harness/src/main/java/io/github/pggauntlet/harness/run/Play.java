package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.workload.FinalReader;
import io.github.pggauntlet.harness.workload.FinalTransactions;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.Promises;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Plays a story under load on a cluster that is whole, and examines the cluster afterwards. */
final class Play {

    private static final Duration STOP_LOAD = Duration.ofSeconds(30);
    private static final Duration READ = Duration.ofSeconds(60);
    private static final long FIRST_WRITES = 50;

    private final Scenario scenario;
    private final RunListener listener;
    private final Duration patience;
    private final Duration form;
    private final Duration mend;

    /**
     * A play.
     *
     * @param patience how long to wait at most for anything
     * @param form how long the first writes may take
     * @param mend how long the cluster may take to become whole in the end
     */
    Play(Scenario scenario, RunListener listener, Duration patience, Duration form, Duration mend) {
        this.scenario = scenario;
        this.listener = listener;
        this.patience = patience;
        this.form = form;
        this.mend = mend;
    }

    /**
     * Plays.
     *
     * @param leaveWhole whether what the examination has broken is to be healed too
     * @return how long it took from the run's beginning to its first acknowledged writes
     */
    Duration perform(Recording recording, Installed on, Map<String, String> parameters, Watch watch, boolean leaveWhole)
            throws InterruptedException {
        RunPlan plan = recording.plan();
        EventWriter events = recording.events();
        RunClock clock = recording.clock();
        DirectSql sql = new DirectSql(on.cluster().clients());
        Recorder recorder = new Recorder(clock, recording.history());
        if (plan.workload().kind() != WorkloadChoice.Kind.LEDGER) {
            events.append(new RunEvent.WorkloadBegun(
                    clock.nanos(), plan.workload().kind().id(), plan.workload().facts()));
        }
        Observer observer = watch.observer();
        try (Workload load = Workload.start(
                load(plan),
                on.cluster().clients(),
                on.machines().routes(),
                on.spec().members(),
                recorder)) {
            observer.watch(Optional.of(load));
            LiveStage stage = new LiveStage(
                    on.machines(),
                    survived(recording.promises()),
                    parameters,
                    new SplittableRandom(plan.seed()),
                    on.cluster(),
                    sql,
                    load,
                    events,
                    clock,
                    listener,
                    patience);
            load.awaitAcknowledged(FIRST_WRITES, form);
            Duration formed = Duration.ofNanos(System.nanoTime() - recording.begin());
            perform(stage, events, clock);
            mend(stage, events, clock);
            load.stop(STOP_LOAD);
            observer.watch(Optional.empty());
            new Inspection(on, events, clock).run();
            watch.disks().compare();
            new Examination(
                            stage,
                            sql,
                            on.machines().routes(),
                            new FinalReader(
                                    on.cluster().clients(), on.machines().routes(), recorder, READ),
                            new FinalTransactions(
                                    plan.workload(),
                                    on.cluster().clients(),
                                    on.machines().routes(),
                                    recorder,
                                    READ),
                            mend)
                    .run();
            if (leaveWhole) {
                stage.healAll();
            }
            observer.failure().ifPresent(failure -> {
                throw failure;
            });
            return formed;
        } finally {
            observer.watch(Optional.empty());
        }
    }

    /** The load of a plan. */
    static WorkloadSettings load(RunPlan plan) {
        return WorkloadSettings.standard(plan.seed())
                .withSessions(plan.sessions())
                .withRate(plan.rate())
                .with(plan.workload());
    }

    /**
     * The classes of fault that the strategy promises to survive. A promise that leaves open both what is lost and who writes
     * is none: nothing that happens after such a fault could break another promise either.
     */
    static Set<FaultClass> survived(Promises promises) {
        return promises.byFault().entrySet().stream()
                .filter(promise -> !(promise.getValue().loss() instanceof LossBound.NotPromised)
                        || promise.getValue().writers() == 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void perform(LiveStage stage, EventWriter events, RunClock clock) throws InterruptedException {
        try {
            scenario.play(stage);
        } catch (StoryStuck | FaultNotMade e) {
            String what = "The story ended early: " + e.getMessage();
            events.append(new RunEvent.Cut(clock.nanos(), what));
            listener.note(what);
        }
    }

    /** Heals what is broken, and gives the cluster time to become whole. */
    private void mend(LiveStage stage, EventWriter events, RunClock clock) throws InterruptedException {
        stage.phase("all healed");
        try {
            stage.healAll();
            long since = clock.nanos();
            long limit = stage.bound(mend).toNanos();
            try {
                stage.awaitWhole(mend);
                events.append(new RunEvent.Mended(clock.nanos(), since, limit, true, ""));
            } catch (StoryStuck e) {
                events.append(new RunEvent.Mended(clock.nanos(), since, limit, false, String.valueOf(e.getMessage())));
                throw e;
            }
        } catch (StoryStuck | FaultNotMade e) {
            String what = "The cluster is not whole: " + e.getMessage();
            events.append(new RunEvent.Cut(clock.nanos(), what));
            listener.note(what);
        }
    }
}
