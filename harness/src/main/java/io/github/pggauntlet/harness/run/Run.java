package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.check.Judge;
import io.github.pggauntlet.harness.check.Verdict;
import io.github.pggauntlet.harness.cluster.AddressCensus;
import io.github.pggauntlet.harness.cluster.CertificateAuthority;
import io.github.pggauntlet.harness.cluster.Engine;
import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Images;
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
import io.github.pggauntlet.harness.workload.LedgerSchema;
import io.github.pggauntlet.harness.workload.Recorder;
import io.github.pggauntlet.harness.workload.Workload;
import io.github.pggauntlet.harness.workload.WorkloadSettings;
import io.github.pggauntlet.strategy.ClusterSpec;
import io.github.pggauntlet.strategy.Credentials;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.HaCluster;
import io.github.pggauntlet.strategy.HaException;
import io.github.pggauntlet.strategy.HaStrategy;
import io.github.pggauntlet.strategy.HostRequirements;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.Promises;
import io.github.pggauntlet.strategy.Routes;
import io.github.pggauntlet.strategy.Service;
import io.github.pggauntlet.strategy.host.HostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs a plan on a cluster of real machines: builds it, loads it, breaks it, records it, and has it judged. Everything goes
 * into one folder, as it happens.
 */
public final class Run {

    private static final Duration FORM = Duration.ofSeconds(60);
    private static final Duration MEND = Duration.ofSeconds(60);
    private static final Duration STOP_LOAD = Duration.ofSeconds(30);
    private static final Duration READ = Duration.ofSeconds(60);
    private static final long FIRST_WRITES = 50;

    private final Images images;
    private final HaStrategy strategy;
    private final Scenario scenario;
    private final RunListener listener;
    private final RunFiles files = new RunFiles();

    /**
     * @param images the images to build machines from
     * @param strategy the strategy to put to the test
     * @param scenario the story to put it through
     * @param listener who is told how it goes on
     */
    public Run(Images images, HaStrategy strategy, Scenario scenario, RunListener listener) {
        this.images = images;
        this.strategy = strategy;
        this.scenario = scenario;
        this.listener = listener;
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
        Promises promises = strategy.promises(spec(plan, members, Routes.none()));
        Topology topology = topology(plan, strategy.requirements(spec(plan, members, Routes.none())));
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
                Recording recording = new Recording(folder, plan, promises, history, events, clock, begin);
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
        strategy.promises(spec);
        topology(plan, strategy.requirements(spec));
    }

    private static Topology topology(RunPlan plan, HostRequirements requirements) {
        if (requirements.arbiter() && plan.arbiters() == 0) {
            throw new IllegalArgumentException(
                    "The strategy '" + plan.strategy() + "' needs a third opinion, since without one"
                            + " nobody can tell a machine that is dead from one that cannot be reached; give it an arbiter with"
                            + " --arbiters 1, or choose one that does without and does not promise that a cut link leaves one"
                            + " history: 'ucarp-streaming'.");
        }
        Topology topology =
                Topology.of(plan.machines(), plan.postgres(), requirements).withArbiters(plan.arbiters());
        return plan.volume() == 0 ? topology : topology.withVolume((long) plan.volume() << 20);
    }

    private static WorkloadSettings load(RunPlan plan) {
        return WorkloadSettings.standard(plan.seed())
                .withSessions(plan.sessions())
                .withRate(plan.rate());
    }

    private static List<String> members(RunPlan plan) {
        return Topology.of(plan.machines(), plan.postgres()).members();
    }

    private record Recording(
            RunFolder folder,
            RunPlan plan,
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
        ClusterSpec spec = secured(plan, spec(plan, machines.members(), machines.routes()));
        strategy.addressTimes(spec)
                .forEach(time -> events.append(new RunEvent.AddressTime(
                        clock.nanos(),
                        time.member(),
                        time.soonest().toNanos(),
                        time.latest().toNanos())));
        try (HaCluster cluster = strategy.install(spec, machines.hosts());
                Observer observer = new Observer(cluster, spec.members(), events, clock, listener)) {
            form(cluster);
            DirectSql sql = new DirectSql(cluster.clients());
            createLedger(cluster, sql, machines.routes());
            Recorder recorder = new Recorder(clock, recording.history());
            try (Workload load =
                    Workload.start(load(plan), cluster.clients(), machines.routes(), spec.members(), recorder)) {
                observer.watch(Optional.of(load));
                LiveStage stage = new LiveStage(
                        machines,
                        recording.promises().byFault().keySet(),
                        parameters,
                        new SplittableRandom(plan.seed()),
                        cluster,
                        sql,
                        load,
                        events,
                        clock,
                        listener);
                load.awaitAcknowledged(FIRST_WRITES, FORM);
                Duration formed = Duration.ofNanos(System.nanoTime() - recording.begin());
                perform(stage, events, clock);
                mend(stage, events, clock);
                load.stop(STOP_LOAD);
                observer.watch(Optional.empty());
                new Examination(
                                stage,
                                sql,
                                machines.routes(),
                                new FinalReader(cluster.clients(), machines.routes(), recorder, READ),
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

    /** Plays, and counts all the while who answers for the virtual address, if there is one. */
    private Duration counted(Recording recording, Map<String, String> parameters, TestCluster machines)
            throws InterruptedException {
        AddressCensus.Count census = count(machines, recording.events(), recording.clock());
        try {
            return play(recording, parameters, machines);
        } finally {
            census.close();
        }
    }

    private static AddressCensus.Count count(TestCluster machines, EventWriter events, RunClock clock) {
        return machines.census()
                .map(census -> census.begin(
                        owners -> events.append(new RunEvent.AddressSample(clock.nanos(), List.copyOf(owners)))))
                .orElse(() -> {});
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
     * have changed; so a primary is awaited here, as everywhere else.
     */
    private static void createLedger(HaCluster cluster, DirectSql sql, Routes routes) throws InterruptedException {
        try {
            NodeStatus primary = LiveStage.await(cluster, "a primary for the workload's tables", FORM, Health::primary);
            try (Connection connection =
                    sql.connect(routes.route(Routes.OPERATOR, primary.member(), Service.POSTGRES))) {
                LedgerSchema.create(connection);
            }
        } catch (StoryStuck e) {
            throw new EnvironmentException("The cluster lost its primary before the load began. " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new EnvironmentException("The workload's tables could not be made: " + e.getMessage(), e);
        }
    }

    private static ClusterSpec spec(RunPlan plan, List<String> members, Routes routes) {
        return new ClusterSpec(
                "gauntlet", members, plan.durability(), routes, plan.timings(), Credentials.random(), plan.settings());
    }

    private static ClusterSpec secured(RunPlan plan, ClusterSpec spec) {
        return plan.tls()
                ? spec.with(
                        spec.credentials().withTls(new CertificateAuthority().certify(spec.members(), spec.routes())))
                : spec;
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
