package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.StartupTimes;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.host.HostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs a plan on a cluster of real machines: builds it, loads it, breaks it, records it, and has it judged. Everything goes
 * into one folder, as it happens. Its length is the order of things: what is opened first is closed last, and what failed is
 * told apart from what was never reached, which is seen only where all of it stands together.
 */
public final class Run {

    /** Also for machines that are emulated, whose agents take half a minute to start. */
    static final Duration FORM = Duration.ofMinutes(3);

    static final Duration MEND = Duration.ofSeconds(60);

    /** Longer than any story waits for anything. */
    static final Duration PATIENCE = Duration.ofHours(1);

    private final Images images;
    private final HaStrategy strategy;
    private final Scenario scenario;
    private final RunListener listener;
    private final Duration patience;

    /**
     * @param images the images to build machines from
     * @param strategy the strategy to put to the test
     * @param scenario the story to put it through
     * @param listener who is told how it goes on
     */
    public Run(Images images, HaStrategy strategy, Scenario scenario, RunListener listener) {
        this(images, strategy, scenario, listener, PATIENCE);
    }

    /**
     * A run that waits less long for what does not come. What it has come to by then is judged as ever.
     *
     * @param patience how long to wait at most for anything that the story, or the end of the run, waits for
     */
    public Run(Images images, HaStrategy strategy, Scenario scenario, RunListener listener, Duration patience) {
        this.images = images;
        this.strategy = strategy;
        this.scenario = scenario;
        this.listener = listener;
        this.patience = patience;
    }

    /**
     * What a run has come to.
     *
     * @param folder where everything of it lies
     * @param plan what was run
     * @param verdict what is to be said of it
     * @param startup what building the machines took
     * @param formed how long it took from the call until the cluster was whole and had acknowledged its first writes
     */
    public record Result(RunFolder folder, RunPlan plan, Verdict verdict, StartupTimes startup, Duration formed) {}

    /**
     * Runs the plan.
     *
     * @param path the folder for everything of the run
     * @throws IllegalArgumentException if the plan is impossible; the message says why and what to do
     * @throws EnvironmentException if the machines could not be had or be kept; nothing is then said of the strategy
     * @throws io.github.pggauntlet.harness.history.RecordingException if the record could not be written
     * @throws InterruptedException if the calling thread is interrupted; everything that was started is removed
     */
    public Result execute(RunPlan plan, Path path) throws InterruptedException {
        validate(plan, strategy, scenario);
        Map<String, String> parameters = parameters(plan, scenario);
        Setup setup = Setup.of(plan, strategy);
        RunFolder.requireUsable(path);
        long begin = System.nanoTime();
        listener.phase("building machines");
        try (Engine engine = Engine.connect(images)) {
            // Only now: where no run can be made, the record of an earlier one is kept.
            RunFolder folder = RunFolder.create(path);
            new RunFiles().writePlan(folder, plan, setup.promises(), Versions.of(images, engine, setup.topology()));
            RunClock clock = RunClock.start();
            try (TestCluster machines = TestCluster.start(engine, images, setup.topology());
                    HistoryWriter history = HistoryWriter.create(folder.history(), clock.anchor());
                    EventWriter events = EventWriter.create(folder.events(), clock.anchor())) {
                return run(
                        new Recording(folder, plan, setup.promises(), history, events, clock, begin),
                        setup,
                        parameters,
                        machines);
            }
        }
    }

    /**
     * Says whether a plan can be run at all. Makes nothing and needs no engine.
     *
     * @throws IllegalArgumentException if it cannot; the message says why and what to do
     */
    public static void validate(RunPlan plan, HaStrategy strategy, Scenario scenario) {
        scenario.validate(parameters(plan, scenario), plan.machines());
        if (!strategy.durabilities().contains(plan.durability())) {
            throw new IllegalArgumentException("The strategy '" + strategy.name() + "' has no durability mode '"
                    + plan.durability().id() + "'; choose one of: "
                    + strategy.durabilities().stream()
                            .map(Durability::id)
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        Play.load(plan);
        Setup.of(plan, strategy);
    }

    /** Whether a plan takes machines with a kernel of their own. */
    public static boolean needsKernels(RunPlan plan, HaStrategy strategy) {
        return Setup.of(plan, strategy).topology().kernel().isPresent();
    }

    private Result run(Recording recording, Setup setup, Map<String, String> parameters, TestCluster machines)
            throws InterruptedException {
        Closing closing = new Closing(listener);
        try {
            Duration formed = new Surroundings(recording, setup.requirements(), listener)
                    .during(machines, () -> play(recording, setup, parameters, machines));
            closing.collectLogs(recording, machines);
            return new Result(
                    recording.folder(), recording.plan(), closing.judge(recording), machines.startup(), formed);
        } catch (HaException | HostException e) {
            closing.collectLogs(recording, machines);
            throw new EnvironmentException("The strategy could not be installed or watched: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            closing.collectLogs(recording, machines);
            throw e;
        }
    }

    private Duration play(Recording recording, Setup setup, Map<String, String> parameters, TestCluster machines)
            throws InterruptedException {
        RunPlan plan = recording.plan();
        listener.phase("installing " + strategy.name());
        recording.events().append(new RunEvent.Phase(recording.clock().nanos(), "installing " + strategy.name()));
        ClusterSpec spec = setup.spec(plan, machines);
        recordAddressTimes(strategy, spec, recording);
        try (HaCluster cluster = strategy.install(spec, machines.hosts())) {
            Installed installed = new Installed(machines, spec, setup.requirements(), cluster);
            try (Watch watch = Watch.begin(recording, installed, Map.of(), listener)) {
                form(cluster);
                new Tables(cluster, new DirectSql(cluster.clients()), machines.routes(), FORM).create(plan.workload());
                return new Play(scenario, listener, patience, FORM, MEND)
                        .perform(recording, installed, parameters, watch, false);
            }
        }
    }

    /** When each member may come to hold the virtual address, where there is one. */
    static void recordAddressTimes(HaStrategy strategy, ClusterSpec spec, Recording recording) {
        strategy.addressTimes(spec)
                .forEach(time -> recording
                        .events()
                        .append(new RunEvent.AddressTime(
                                recording.clock().nanos(),
                                time.member(),
                                time.soonest().toNanos(),
                                time.latest().toNanos())));
    }

    /**
     * Waits for a cluster that was just installed to be whole.
     *
     * @throws EnvironmentException if it does not come up
     */
    static void form(HaCluster cluster) throws InterruptedException {
        try {
            LiveStage.await(
                    cluster,
                    "the cluster to form",
                    FORM,
                    statuses -> Health.whole(statuses) ? Optional.of(true) : Optional.empty());
        } catch (StoryStuck e) {
            throw new EnvironmentException("The cluster did not come up. " + e.getMessage(), e);
        }
    }

    /** The scenario's parameters as they are in force. */
    static Map<String, String> parameters(RunPlan plan, Scenario scenario) {
        Map<String, String> all = new HashMap<>();
        scenario.parameters().forEach(parameter -> all.put(parameter.name(), parameter.standard()));
        plan.parameters().forEach((name, value) -> {
            if (!all.containsKey(name)) {
                throw new IllegalArgumentException("The scenario '" + scenario.name() + "' has no parameter '" + name
                        + "'; it has: " + String.join(", ", new TreeMap<>(all).keySet()) + ".");
            }
            all.put(name, value);
        });
        return all;
    }
}
