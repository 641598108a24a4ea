package io.github.pggauntlet.harness.run;

import io.github.pggauntlet.harness.workload.WorkloadChoice;
import io.github.pggauntlet.strategy.Durability;
import io.github.pggauntlet.strategy.Timings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that decides a run, and all that is needed to start it again.
 *
 * @param strategy the strategy's name
 * @param durability the durability mode
 * @param scenario the scenario's name
 * @param parameters the scenario's parameters
 * @param seed the seed of all that is drawn by lot
 * @param machines the number of machines that carry PostgreSQL
 * @param postgres the major version of PostgreSQL
 * @param sessions the number of client sessions
 * @param rate the writes a second that all sessions together make at most; 0 for as many as they can
 * @param timings the durations the strategy works with
 * @param settings further PostgreSQL settings
 * @param tls whether the members, their clients and the arbiters talk TLS
 * @param arbiters the number of arbiters beside the machines, where the strategy needs one
 * @param ownKernels whether each machine has a kernel of its own, also where the strategy does without
 * @param volume the size of each machine's data volume in megabytes, which can then be filled; 0 for one that is as large as
 *     the engine's disk
 * @param workload what half of the sessions do beside the ledger
 */
public record RunPlan(
        String strategy,
        Durability durability,
        String scenario,
        SortedMap<String, String> parameters,
        long seed,
        int machines,
        int postgres,
        int sessions,
        double rate,
        Timings timings,
        SortedMap<String, String> settings,
        boolean tls,
        int arbiters,
        int volume,
        boolean ownKernels,
        WorkloadChoice workload) {

    private static final int SESSIONS = 8;

    /** Settings that suit servers which live for minutes and share one computer. */
    private static final Map<String, String> SMALL = Map.of(
            "shared_buffers", "64MB",
            "min_wal_size", "32MB",
            "max_wal_size", "512MB",
            "wal_keep_size", "128MB");

    public RunPlan {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** A plan for two machines with PostgreSQL 17, eight sessions that write as fast as they can, and quick timings. */
    public static RunPlan of(
            String strategy, Durability durability, String scenario, Map<String, String> parameters, long seed) {
        return new RunPlan(
                strategy,
                durability,
                scenario,
                new TreeMap<>(parameters),
                seed,
                2,
                17,
                SESSIONS,
                0,
                Timings.quick(),
                new TreeMap<>(SMALL),
                false,
                1,
                0,
                false,
                WorkloadChoice.ledger());
    }

    /** The command line that runs this plan again, into the folder {@code runs/again}. */
    public List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                "./gauntlet", "run", "--strategy", strategy, "--durability", durability.id(), "--scenario", scenario));
        parameters.forEach((name, value) -> command.addAll(List.of("-P", name + "=" + value)));
        command.addAll(List.of(
                "--seed",
                Long.toString(seed),
                "--postgres",
                Integer.toString(postgres),
                "--machines",
                Integer.toString(machines),
                "--sessions",
                Integer.toString(sessions)));
        if (rate > 0) {
            command.addAll(List.of("--rate", Double.toString(rate)));
        }
        if (tls) {
            command.add("--tls");
        }
        if (arbiters != 1) {
            command.addAll(List.of("--arbiters", Integer.toString(arbiters)));
        }
        if (volume > 0) {
            command.addAll(List.of("--volume", Integer.toString(volume)));
        }
        if (ownKernels) {
            command.add("--own-kernels");
        }
        timings.known()
                .filter(name -> !timings.equals(Timings.quick()))
                .ifPresent(name -> command.addAll(List.of("--timings", name)));
        if (workload.kind() != WorkloadChoice.Kind.LEDGER) {
            command.addAll(List.of("--workload", workload.kind().id()));
            command.addAll(List.of("--isolation", workload.isolation().id(), "--expect", workload.expect()));
        }
        if (!workload.mix().isEmpty()) {
            command.addAll(List.of("--mix", workload.mixed()));
        }
        command.addAll(List.of("--out", "runs/again"));
        return List.copyOf(command);
    }

    /** This plan for another scenario, without parameters. */
    public RunPlan withScenario(String other) {
        Draft draft = new Draft(this);
        draft.scenario = other;
        draft.parameters = new TreeMap<>();
        return draft.plan();
    }

    /** This plan with other parameters of its scenario and another seed. */
    public RunPlan with(Map<String, String> otherParameters, long otherSeed) {
        Draft draft = new Draft(this);
        draft.parameters = new TreeMap<>(otherParameters);
        draft.seed = otherSeed;
        return draft.plan();
    }

    /** This plan for another major version of PostgreSQL. */
    public RunPlan withPostgres(int major) {
        Draft draft = new Draft(this);
        draft.postgres = major;
        return draft.plan();
    }

    /** This plan for another number of machines. */
    public RunPlan withMachines(int number) {
        Draft draft = new Draft(this);
        draft.machines = number;
        return draft.plan();
    }

    /**
     * This plan with another load.
     *
     * @param number the number of client sessions
     * @param writesPerSecond the writes a second of all of them together at most; 0 for as many as they can
     */
    public RunPlan withLoad(int number, double writesPerSecond) {
        Draft draft = new Draft(this);
        draft.sessions = number;
        draft.rate = writesPerSecond;
        return draft.plan();
    }

    /** This plan with TLS. */
    public RunPlan withTls(boolean wanted) {
        Draft draft = new Draft(this);
        draft.tls = wanted;
        return draft.plan();
    }

    /** This plan with so many arbiters. */
    public RunPlan withArbiters(int number) {
        Draft draft = new Draft(this);
        draft.arbiters = number;
        return draft.plan();
    }

    /** This plan with data volumes of so many megabytes; 0 for such as cannot be filled. */
    public RunPlan withVolume(int megabytes) {
        Draft draft = new Draft(this);
        draft.volume = megabytes;
        return draft.plan();
    }

    /**
     * This plan with machines that have a kernel of their own, so that what they have not flushed is lost with their power, and
     * their clocks and disks can be broken.
     */
    public RunPlan withOwnKernels(boolean wanted) {
        Draft draft = new Draft(this);
        draft.ownKernels = wanted;
        return draft.plan();
    }

    /** This plan with a strategy that works with other durations. */
    public RunPlan withTimings(Timings others) {
        Draft draft = new Draft(this);
        draft.timings = others;
        return draft.plan();
    }

    /** This plan with half of the sessions doing something beside the ledger. */
    public RunPlan withWorkload(WorkloadChoice choice) {
        Draft draft = new Draft(this);
        draft.workload = choice;
        return draft.plan();
    }

    /** A plan in which something is being changed. */
    private static final class Draft {
        private final String strategy;
        private final Durability durability;
        private String scenario;
        private SortedMap<String, String> parameters;
        private long seed;
        private int machines;
        private int postgres;
        private int sessions;
        private double rate;
        private Timings timings;
        private final SortedMap<String, String> settings;
        private boolean tls;
        private int arbiters;
        private int volume;
        private boolean ownKernels;
        private WorkloadChoice workload;

        Draft(RunPlan plan) {
            this.strategy = plan.strategy;
            this.durability = plan.durability;
            this.scenario = plan.scenario;
            this.parameters = plan.parameters;
            this.seed = plan.seed;
            this.machines = plan.machines;
            this.postgres = plan.postgres;
            this.sessions = plan.sessions;
            this.rate = plan.rate;
            this.timings = plan.timings;
            this.settings = plan.settings;
            this.tls = plan.tls;
            this.arbiters = plan.arbiters;
            this.volume = plan.volume;
            this.ownKernels = plan.ownKernels;
            this.workload = plan.workload;
        }

        RunPlan plan() {
            return new RunPlan(
                    strategy,
                    durability,
                    scenario,
                    parameters,
                    seed,
                    machines,
                    postgres,
                    sessions,
                    rate,
                    timings,
                    settings,
                    tls,
                    arbiters,
                    volume,
                    ownKernels,
                    workload);
        }
    }
}
