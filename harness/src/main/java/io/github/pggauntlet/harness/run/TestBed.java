package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.Ruling;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.FaultSchedule;
import io.github.pggauntlet.harness.fault.FaultScheduleJson;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.JournalEntry;
import io.github.pggauntlet.strategy.NodeRole;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.HostException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster that is built once and on which many stories are played, one after the other, each recorded and judged by itself.
 * Between two of them it is reset: everybody is redundant again, the tables are empty, and all standbys show them so. A cluster
 * on which a promise was not kept, or which does not come to that state, is thrown away and built anew, so that no story inherits
 * the trouble of the one before.
 *
 * <p>What a cluster keeps across stories is who is primary, the number of its timeline, and what lies in its logs. A story that
 * breaks a promise here should be confirmed by a {@link Run} of its own, which begins with nothing.
 *
 * <p>For use by one thread.
 */
public final class TestBed implements AutoCloseable {

    private static final Duration RESET = Duration.ofSeconds(60);

    private final Images images;
    private final HaStrategy strategy;
    private final RunPlan plan;
    private final RunListener listener;
    private final Setup setup;
    private Optional<Standing> standing = Optional.empty();
    private Duration lastReset = Duration.ZERO;
    private int built;

    /** What is there while a cluster is. */
    private record Standing(Engine engine, Installed installed) implements AutoCloseable {
        @Override
        public void close() {
            try {
                installed.cluster().close();
            } finally {
                try {
                    installed.machines().close();
                } finally {
                    engine.close();
                }
            }
        }
    }

    /**
     * A test bed. Nothing is built before the first story.
     *
     * @param images the images to build machines from
     * @param strategy the strategy to put to the test
     * @param plan what is the same for all stories: machines, durability, load, timings; its scenario and seed do not count
     * @param listener who is told how it goes on
     * @throws IllegalArgumentException if the strategy cannot be run so; the message says why and what to do
     */
    public TestBed(Images images, HaStrategy strategy, RunPlan plan, RunListener listener) {
        this.images = images;
        this.strategy = strategy;
        this.plan = plan;
        this.listener = listener;
        this.setup = Setup.of(plan, strategy);
    }

    /**
     * Plays a schedule of faults.
     *
     * @param path the folder for everything of it
     * @return what it has come to
     * @throws EnvironmentException if the machines could not be had or be kept; nothing is then said of the strategy
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Run.Result play(FaultSchedule schedule, Path path) throws InterruptedException {
        return play(
                new PlayedSchedule(),
                Map.of(PlayedSchedule.SCHEDULE, new FaultScheduleJson().write(schedule)),
                plan.seed(),
                path);
    }

    /**
     * Plays a story.
     *
     * @param parameters the scenario's parameters
     * @param seed the seed of all that is drawn by lot
     * @param path the folder for everything of it
     * @return what it has come to
     * @throws IllegalArgumentException if the scenario cannot be played so
     * @throws EnvironmentException if the machines could not be had or be kept; nothing is then said of the strategy
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Run.Result play(Scenario scenario, Map<String, String> parameters, long seed, Path path)
            throws InterruptedException {
        RunPlan played = plan.withScenario(scenario.name()).with(parameters, seed);
        Run.validate(played, strategy, scenario);
        RunFolder.requireUsable(path);
        long begin = System.nanoTime();
        Standing on = ready();
        boolean sound = false;
        try {
            Run.Result result = play(scenario, played, path, begin, on);
            // A server that has spoken of damage, on purpose or not, has it in its log for good.
            sound = result.verdict().verdict() == Ruling.KEPT
                    && new RunFiles()
                            .load(result.folder())
                            .record()
                            .events(RunEvent.LogLine.class)
                            .findAny()
                            .isEmpty();
            return result;
        } catch (HaException | HostException e) {
            throw new EnvironmentException("The strategy could not be watched: " + e.getMessage(), e);
        } finally {
            if (!sound) {
                tearDown();
            }
        }
    }

    /** How many clusters have been built. */
    public int built() {
        return built;
    }

    /** How long it took to reset the cluster, or to build it, before the last story. */
    public Duration lastReset() {
        return lastReset;
    }

    @Override
    public void close() {
        tearDown();
    }

    private void tearDown() {
        Optional<Standing> gone = standing;
        standing = Optional.empty();
        gone.ifPresent(Standing::close);
    }

    private Run.Result play(Scenario scenario, RunPlan played, Path path, long begin, Standing on)
            throws InterruptedException {
        Installed installed = on.installed();
        RunFolder folder = RunFolder.create(path);
        new RunFiles().writePlan(folder, played, setup.promises(), Versions.of(images, on.engine(), setup.topology()));
        RunClock clock = RunClock.start();
        Map<String, Long> before = journals(installed.cluster());
        try (HistoryWriter history = HistoryWriter.create(folder.history(), clock.anchor());
                EventWriter events = EventWriter.create(folder.events(), clock.anchor())) {
            Recording recording = new Recording(folder, played, setup.promises(), history, events, clock, begin);
            Closing closing = new Closing(listener);
            try {
                Duration formed = new Surroundings(recording, setup.requirements(), listener)
                        .during(installed.machines(), () -> watched(scenario, recording, installed, before));
                Verdict verdict = closing.judge(recording);
                return new Run.Result(
                        folder, played, verdict, installed.machines().startup(), formed);
            } finally {
                closing.collectLogs(recording, installed.machines());
            }
        }
    }

    private Duration watched(Scenario scenario, Recording recording, Installed installed, Map<String, Long> before)
            throws InterruptedException {
        Run.recordAddressTimes(strategy, installed.spec(), recording);
        try (Watch watch = Watch.begin(recording, installed, before, listener)) {
            return new Play(scenario, listener, Run.PATIENCE, Run.FORM, Run.MEND)
                    .perform(recording, installed, Run.parameters(recording.plan(), scenario), watch, true);
        }
    }

    private Map<String, Long> journals(HaCluster cluster) {
        Map<String, Long> last = new HashMap<>();
        for (String member : setup.topology().members()) {
            List<JournalEntry> entries = cluster.journal(member, 0);
            if (!entries.isEmpty()) {
                last.put(member, entries.get(entries.size() - 1).sequence());
            }
        }
        return last;
    }

    // ---- the prepared state

    private Standing ready() throws InterruptedException {
        long begin = System.nanoTime();
        try {
            if (standing.isPresent() && reset(standing.get().installed())) {
                return standing.get();
            }
            tearDown();
            Standing fresh = build();
            standing = Optional.of(fresh);
            built++;
            return fresh;
        } finally {
            lastReset = Duration.ofNanos(System.nanoTime() - begin);
        }
    }

    private Standing build() throws InterruptedException {
        listener.phase("building machines");
        Engine engine = Engine.connect(images);
        try {
            TestCluster machines = TestCluster.start(engine, images, setup.topology());
            try {
                listener.phase("installing " + strategy.name());
                ClusterSpec spec = setup.spec(plan, machines);
                HaCluster cluster = strategy.install(spec, machines.hosts());
                try {
                    Run.form(cluster);
                    new Tables(cluster, new DirectSql(cluster.clients()), machines.routes(), Run.FORM)
                            .create(plan.workload());
                    return new Standing(engine, new Installed(machines, spec, setup.requirements(), cluster));
                } catch (RuntimeException | InterruptedException e) {
                    cluster.close();
                    throw e;
                }
            } catch (HaException | HostException e) {
                machines.close();
                throw new EnvironmentException("The strategy could not be installed: " + e.getMessage(), e);
            } catch (RuntimeException | InterruptedException e) {
                machines.close();
                throw e;
            }
        } catch (RuntimeException | InterruptedException e) {
            engine.close();
            throw e;
        }
    }

    /** Brings a cluster to the prepared state; whether that was possible. */
    private boolean reset(Installed installed) throws InterruptedException {
        listener.phase("resetting");
        HaCluster cluster = installed.cluster();
        try {
            NodeStatus primary = LiveStage.await(
                    cluster,
                    "all members to be redundant again",
                    RESET,
                    statuses -> Health.whole(statuses) ? Health.primary(statuses) : Optional.empty());
            DirectSql sql = new DirectSql(cluster.clients());
            new Tables(cluster, sql, installed.machines().routes(), RESET).renew(plan.workload());
            Replay replay = new Replay(sql, installed.machines().routes());
            for (NodeStatus status : cluster.status()) {
                // A standby that cannot be read has nothing of an earlier story to show.
                if (status.role() == NodeRole.STANDBY && status.postmasterPid().isPresent()) {
                    replay.await(status.member(), primary.member());
                }
            }
            return true;
        } catch (StoryStuck | SQLException | HaException e) {
            listener.note("The cluster is built anew, since it could not be reset: " + e.getMessage());
            return false;
        }
    }
}
