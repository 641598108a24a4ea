package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.Judge;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.AddressCensus;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
import io.github.pggauntlet.harness.cluster.PowerSwitch;
import io.github.pggauntlet.harness.cluster.StartupTimes;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.cluster.Topology;
import io.github.pggauntlet.harness.fault.FaultNotMade;
import io.github.pggauntlet.harness.history.EventWriter;
import io.github.pggauntlet.harness.history.HistoryWriter;
import io.github.pggauntlet.harness.history.RecordingException;
import io.github.pggauntlet.harness.history.RunClock;
import io.github.pggauntlet.harness.history.RunEvent;
import io.github.pggauntlet.harness.history.RunFolder;
import io.github.pggauntlet.harness.workload.FinalReader;
import io.github.pggauntlet.harness.workload.FinalTransactions;
import io.github.pggauntlet.harness.workload.LedgerSchema;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.SqlText;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.FaultClass;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.LossBound;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.HostException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs a plan on a cluster of real machines: builds it, loads it, breaks it, records it, and has it judged. Everything goes
 * into one folder, as it happens. Its length is the order of things: what is opened first is closed last, and what failed is
 * told apart from what was never reached, which is seen only where all of it stands together.
 */
public final class Run {

    private static final Duration FORM = Duration.ofSeconds(60);
    private static final Duration MEND = Duration.ofSeconds(60);

    /** Longer than any story waits for anything. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final Duration STOP_LOAD = Duration.ofSeconds(30);
    private static final Duration READ = Duration.ofSeconds(60);
    private static final long FIRST_WRITES = 50;
    private static final int PREPARED = 100;

    private final Images images;
    private final HaStrategy strategy;
    private final Scenario scenario;
    private final RunListener listener;
    private final Duration patience;
    private final RunFiles files = new RunFiles();

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
        List<String> members = members(plan);
        ClusterSpec outline = spec(plan, members, Routes.none());
        HostRequirements requirements = strategy.requirements(outline);
        Promises promises = strategy.promises(armed(requirements, outline));
        Topology topology = topology(plan, requirements);
        RunFolder.requireUsable(path);
        long begin = System.nanoTime();
        listener.phase("building machines");
        try (Engine engine = Engine.connect(images)) {
            // Only now: where no run can be made, the record of an earlier one is kept.
            RunFolder folder = RunFolder.create(path);
            files.writePlan(folder, plan, promises, versions(engine, topology));
            RunClock clock = RunClock.start();
            try (TestCluster machines = TestCluster.start(engine, images, topology);
                    HistoryWriter history = HistoryWriter.create(folder.history(), clock.anchor());
                    EventWriter events = EventWriter.create(folder.events(), clock.anchor())) {
                Recording recording =
                        new Recording(folder, plan, requirements, promises, history, events, clock, begin);
                return run(recording, parameters, machines);
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
        load(plan);
        ClusterSpec spec = spec(plan, members(plan), Routes.none());
        HostRequirements requirements = strategy.requirements(spec);
        strategy.promises(armed(requirements, spec));
        topology(plan, requirements);
    }

    /** The same with the program by which machines cut each other's power, where the strategy needs one. */
    private static ClusterSpec armed(HostRequirements requirements, ClusterSpec spec) {
        return requirements.fencing() ? spec.with(spec.safeguards().with(PowerSwitch.program())) : spec;
    }

    /** Whether a plan takes machines with a kernel of their own. */
    public static boolean needsKernels(RunPlan plan, HaStrategy strategy) {
        return strategy.requirements(spec(plan, members(plan), Routes.none()))
                .kernel()
                .isPresent();
    }

    private static Topology topology(RunPlan plan, HostRequirements requirements) {
        if (requirements.arbiter() && plan.arbiters() == 0) {
            throw new IllegalArgumentException(
                    "The strategy '" + plan.strategy() + "' needs a third opinion, since without one"
                            + " nobody can tell a machine that is dead from one that cannot be reached; give it an arbiter with"
                            + " --arbiters 1, or choose one that does without and does not promise that a cut link leaves one"
                            + " history: 'ucarp-streaming'.");
        }
        Topology topology = Topology.of(plan.machines(), plan.postgres(), requirements)
                .withArbiters(plan.arbiters())
                .withTls(plan.tls());
        return plan.volume() == 0 ? topology : topology.withVolume((long) plan.volume() << 20);
    }

    private static WorkloadSettings load(RunPlan plan) {
        return WorkloadSettings.standard(plan.seed())
                .withSessions(plan.sessions())
                .withRate(plan.rate())
                .with(plan.workload());
    }

    private static List<String> members(RunPlan plan) {
        return Topology.of(plan.machines(), plan.postgres()).members();
    }

    private record Recording(
            RunFolder folder,
            RunPlan plan,
            HostRequirements requirements,
            Promises promises,
            HistoryWriter history,
            EventWriter events,
            RunClock clock,
            long begin) {}

    private Result run(Recording recording, Map<String, String> parameters, TestCluster machines)
            throws InterruptedException {
        try {
            Duration formed = counted(recording, parameters, machines);
            recording.history().flush();
            recording.events().flush();
            listener.phase("judging");
            RunFiles.Loaded loaded = files.load(recording.folder());
            Verdict verdict = Judge.withAllCheckers().judge(loaded.record(), loaded.facts());
            files.writeVerdict(recording.folder(), verdict);
            return new Result(recording.folder(), recording.plan(), verdict, machines.startup(), formed);
        } catch (HaException | HostException e) {
            throw new EnvironmentException("The strategy could not be installed or watched: " + e.getMessage(), e);
        } finally {
            collectLogs(recording, machines);
        }
    }

    /** Logs are for people: that they cannot be had must not hide what the run has come to, nor why it failed. */
    private void collectLogs(Recording recording, TestCluster machines) throws InterruptedException {
        try {
            machines.collectLogs(recording.folder().nodes());
        } catch (EnvironmentException | HostException | RecordingException e) {
            listener.note("The members' logs could not be collected: " + e.getMessage());
        }
    }

    private Duration play(Recording recording, Map<String, String> parameters, TestCluster machines)
            throws InterruptedException {
        RunPlan plan = recording.plan();
        EventWriter events = recording.events();
        RunClock clock = recording.clock();
        listener.phase("installing " + strategy.name());
        events.append(new RunEvent.Phase(clock.nanos(), "installing " + strategy.name()));
        ClusterSpec spec =
                armed(recording.requirements(), secured(machines, spec(plan, machines.members(), machines.routes())));
        strategy.addressTimes(spec)
                .forEach(time -> events.append(new RunEvent.AddressTime(
                        clock.nanos(),
                        time.member(),
                        time.soonest().toNanos(),
                        time.latest().toNanos())));
        try (HaCluster cluster = strategy.install(spec, machines.hosts());
                Observer observer = new Observer(cluster, spec.members(), events, clock, listener);
                DiskWatch disks = DiskWatch.begin(machines, events, clock)) {
            form(cluster);
            DirectSql sql = new DirectSql(cluster.clients());
            createTables(plan.workload(), cluster, sql, machines.routes());
            Recorder recorder = new Recorder(clock, recording.history());
            if (plan.workload().kind() != WorkloadChoice.Kind.LEDGER) {
                events.append(new RunEvent.WorkloadBegun(
                        clock.nanos(),
                        plan.workload().kind().id(),
                        plan.workload().facts()));
            }
            try (Workload load =
                    Workload.start(load(plan), cluster.clients(), machines.routes(), spec.members(), recorder)) {
                observer.watch(Optional.of(load));
                LiveStage stage = new LiveStage(
                        machines,
                        survived(recording.promises()),
                        parameters,
                        new SplittableRandom(plan.seed()),
                        cluster,
                        sql,
                        load,
                        events,
                        clock,
                        listener,
                        patience);
                load.awaitAcknowledged(FIRST_WRITES, FORM);
                Duration formed = Duration.ofNanos(System.nanoTime() - recording.begin());
                perform(stage, events, clock);
                mend(stage, events, clock);
                load.stop(STOP_LOAD);
                observer.watch(Optional.empty());
                disks.compare();
                new Examination(
                                stage,
                                sql,
                                machines.routes(),
                                new FinalReader(cluster.clients(), machines.routes(), recorder, READ),
                                new FinalTransactions(
                                        plan.workload(), cluster.clients(), machines.routes(), recorder, READ),
                                MEND)
                        .run();
                observer.failure().ifPresent(failure -> {
                    throw failure;
                });
                return formed;
            } finally {
                observer.watch(Optional.empty());
            }
        }
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

    /** Plays, and counts all the while who answers for the virtual address, if there is one. */
    private Duration counted(Recording recording, Map<String, String> parameters, TestCluster machines)
            throws InterruptedException {
        AddressCensus.Count census = count(machines, recording.events(), recording.clock());
        try {
            return powered(recording, parameters, machines);
        } finally {
            census.close();
        }
    }

    /** Plays, with a hand at the machines' power switch, where the strategy needs one. */
    private Duration powered(Recording recording, Map<String, String> parameters, TestCluster machines)
            throws InterruptedException {
        if (!recording.requirements().fencing()) {
            return play(recording, parameters, machines);
        }
        PowerSwitch.Service power =
                machines.power().begin(new RecordedPower(recording.events(), recording.clock(), listener));
        try {
            return play(recording, parameters, machines);
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
            stage.awaitWhole(MEND);
        } catch (StoryStuck | FaultNotMade e) {
            String what = "The cluster is not whole: " + e.getMessage();
            events.append(new RunEvent.Cut(clock.nanos(), what));
            listener.note(what);
        }
    }

    private static void form(HaCluster cluster) throws InterruptedException {
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

    /**
     * Makes the workload's tables. Since the cluster was seen to be whole a member may have answered late, or the primary may
     * have changed; so a primary is awaited here, as everywhere else, and asked again if it does not answer.
     */
    private static void createTables(WorkloadChoice choice, HaCluster cluster, DirectSql sql, Routes routes)
            throws InterruptedException {
        try {
            LedgerSchema.create(
                    choice,
                    () -> {
                        NodeStatus primary =
                                LiveStage.await(cluster, "a primary for the workload's tables", FORM, Health::primary);
                        return sql.connect(routes.route(Routes.OPERATOR, primary.member(), Service.POSTGRES));
                    },
                    FORM);
        } catch (StoryStuck e) {
            throw new EnvironmentException("The cluster lost its primary before the load began. " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new EnvironmentException("The workload's tables could not be made: " + SqlText.of(e), e);
        }
    }

    private static ClusterSpec spec(RunPlan plan, List<String> members, Routes routes) {
        return new ClusterSpec(
                "gauntlet", members, plan.durability(), routes, plan.timings(), Credentials.random(), settings(plan));
    }

    private static SortedMap<String, String> settings(RunPlan plan) {
        SortedMap<String, String> settings = new TreeMap<>(plan.settings());
        if (plan.workload().has(WorkloadChoice.Special.TWO_PHASE)) {
            settings.putIfAbsent("max_prepared_transactions", Integer.toString(PREPARED));
        }
        return settings;
    }

    private static ClusterSpec secured(TestCluster machines, ClusterSpec spec) {
        return machines.tls()
                .map(tls -> spec.with(spec.credentials().withTls(tls)))
                .orElse(spec);
    }

    /** The scenario's parameters as they are in force. */
    private static Map<String, String> parameters(RunPlan plan, Scenario scenario) {
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

    private SortedMap<String, String> versions(Engine engine, Topology topology) throws InterruptedException {
        SortedMap<String, String> versions = new TreeMap<>();
        versions.put("postgresql", Integer.toString(topology.postgres()));
        versions.put("node image", images.node(topology.postgres()));
        versions.put("etcd image", images.etcd());
        versions.put("toxiproxy image", images.toxiproxy());
        versions.put("engine", engine.version());
        versions.put("java", System.getProperty("java.runtime.version", "unknown"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        versions.put("pgjdbc", org.postgresql.util.DriverInfo.DRIVER_VERSION);
        versions.put("pg-gauntlet", version());
        return versions;
    }

    private static String version() {
        return Optional.ofNullable(Run.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
