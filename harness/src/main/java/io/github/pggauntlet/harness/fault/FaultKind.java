package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.fault.PartitionFault.Neighbour;
import io.github.pggauntlet.harness.fault.PartitionFault.Shape;
import io.github.pggauntlet.harness.fault.ProcessFault.Kind;
import io.github.pggauntlet.strategy.FaultClass;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The faults there are, by the names under which schedules and people know them. Pure. */
public enum FaultKind {
    // processes
    KILL_POSTMASTER(Reach.EITHER, Nature.QUICK, FaultClass.POSTMASTER_CRASH, (t, d, s) -> new Fault.KillPostmaster(t)),
    KILL_BACKEND(Reach.PRIMARY, Nature.QUICK, FaultClass.POSTMASTER_CRASH, kill(Kind.BACKEND)),
    KILL_WAL_SENDER(Reach.PRIMARY, Nature.QUICK, FaultClass.POSTMASTER_CRASH, kill(Kind.WAL_SENDER)),
    KILL_WAL_RECEIVER(Reach.STANDBY, Nature.QUICK, FaultClass.STANDBY_LOSS, kill(Kind.WAL_RECEIVER)),
    KILL_AGENT(Reach.EITHER, Nature.QUICK, FaultClass.POSTMASTER_CRASH, kill(Kind.AGENT)),
    FREEZE_POSTMASTER(Reach.EITHER, Nature.DOWN, FaultClass.POSTGRES_FROZEN, freeze(Kind.POSTMASTER)),
    FREEZE_POSTGRES(Reach.EITHER, Nature.DOWN, FaultClass.POSTGRES_FROZEN, freeze(Kind.POSTGRES)),
    FREEZE_BACKEND(Reach.PRIMARY, Nature.DOWN, FaultClass.POSTGRES_FROZEN, freeze(Kind.BACKEND)),
    FREEZE_WAL_SENDER(Reach.PRIMARY, Nature.DOWN, FaultClass.POSTGRES_FROZEN, freeze(Kind.WAL_SENDER)),
    FREEZE_WAL_RECEIVER(Reach.STANDBY, Nature.DOWN, FaultClass.STANDBY_LOSS, freeze(Kind.WAL_RECEIVER)),
    FREEZE_AGENT(Reach.EITHER, Nature.DOWN, FaultClass.AGENT_FROZEN, freeze(Kind.AGENT)),
    // machines
    KILL_HOST(Reach.EITHER, Nature.DOWN, FaultClass.HOST_CRASH, (t, d, s) -> new Fault.KillHost(t)),
    STOP_HOST(Reach.EITHER, Nature.DOWN, FaultClass.CLEAN_STOP, (t, d, s) -> new Fault.StopHost(t)),
    RESTART_HOST(Reach.EITHER, Nature.QUICK, FaultClass.HOST_CRASH, (t, d, s) -> new HostFault.RestartHost(t)),
    POWER_LOSS(Reach.EITHER, Nature.DOWN, FaultClass.HOST_CRASH, (t, d, s) -> new HostFault.PowerLoss(t)),
    FREEZE_HOST(Reach.EITHER, Nature.DOWN, FaultClass.HOST_FROZEN, (t, d, s) -> new HostFault.FreezeHost(t)),
    SQUEEZE_HOST(Reach.EITHER, Nature.DOWN, FaultClass.SCARCITY, (t, d, s) -> new HostFault.SqueezeHost(t, 0.2, 512)),
    // links; a standby's to the primary carries the WAL
    SLOW_LINK(
            Reach.STANDBY, Nature.SOFT, FaultClass.SLOW_LINK, (t, d, s) -> new Fault.SlowLink(t, Target.primary(), d)),
    JITTERY_LINK(
            Reach.STANDBY,
            Nature.SOFT,
            FaultClass.SLOW_LINK,
            (t, d, s) -> new LinkFault.JitteryLink(t, Target.primary(), d)),
    NARROW_LINK(
            Reach.STANDBY,
            Nature.SOFT,
            FaultClass.SLOW_LINK,
            (t, d, s) -> new LinkFault.NarrowLink(t, Target.primary(), 100)),
    SLICED_LINK(
            Reach.STANDBY,
            Nature.SOFT,
            FaultClass.SLOW_LINK,
            (t, d, s) -> new LinkFault.SlicedLink(t, Target.primary(), 4, Duration.ofMillis(1))),
    RESETTING_LINK(
            Reach.STANDBY,
            Nature.DOWN,
            FaultClass.LINK_CUT,
            (t, d, s) -> new LinkFault.ResettingLink(t, Target.primary())),
    FLAPPING_LINK(
            Reach.STANDBY,
            Nature.DOWN,
            FaultClass.LINK_CUT,
            (t, d, s) ->
                    new LinkFault.FlappingLink(t, Target.primary(), Duration.ofMillis(400), Duration.ofMillis(600))),
    CUT_LINK(Reach.STANDBY, Nature.DOWN, FaultClass.LINK_CUT, (t, d, s) -> new LinkFault.CutLink(t, Target.primary())),
    CUT_CLIENTS(
            Reach.PRIMARY,
            Nature.DOWN,
            FaultClass.PARTITION,
            (t, d, s) -> new LinkFault.CutLink(Party.Beside.CLIENTS, t)),
    // partitions
    ISOLATE_HOST(Reach.EITHER, Nature.DOWN, FaultClass.HOST_ISOLATED, (t, d, s) -> new PartitionFault.Isolate(t)),
    ISOLATE_BUT_CLIENTS(
            Reach.PRIMARY, Nature.DOWN, FaultClass.HOST_ISOLATED, isolate(Neighbour.PEERS, Neighbour.ARBITER)),
    ISOLATE_FROM_PEERS(Reach.EITHER, Nature.DOWN, FaultClass.LINK_CUT, isolate(Neighbour.PEERS)),
    ISOLATE_FROM_ARBITER(Reach.EITHER, Nature.DOWN, FaultClass.LINK_CUT, isolate(Neighbour.ARBITER)),
    SPLIT_HALVES(Reach.CLUSTER, Nature.DOWN, FaultClass.PARTITION, split(Shape.HALVES)),
    SPLIT_BRIDGE(Reach.CLUSTER, Nature.DOWN, FaultClass.PARTITION, split(Shape.BRIDGE)),
    SPLIT_RING(Reach.CLUSTER, Nature.DOWN, FaultClass.PARTITION, split(Shape.RING)),
    // arbiters
    KILL_ARBITERS(
            Reach.CLUSTER,
            Nature.DOWN,
            FaultClass.ARBITER_LOSS,
            (t, d, s) -> new ArbiterFault.KillArbiters(s.arbiterMajority())),
    FREEZE_ARBITERS(
            Reach.CLUSTER,
            Nature.DOWN,
            FaultClass.ARBITER_LOSS,
            (t, d, s) -> new ArbiterFault.FreezeArbiters(s.arbiterMajority())),
    KILL_ONE_ARBITER(Reach.CLUSTER, Nature.SOFT, FaultClass.LINK_CUT, (t, d, s) -> new ArbiterFault.KillArbiters(1)),
    FREEZE_ONE_ARBITER(
            Reach.CLUSTER, Nature.SOFT, FaultClass.LINK_CUT, (t, d, s) -> new ArbiterFault.FreezeArbiters(1)),
    SLOW_ARBITERS(Reach.CLUSTER, Nature.SOFT, FaultClass.SLOW_LINK, (t, d, s) -> new ArbiterFault.SlowArbiters(d)),
    // disks
    FILL_DISK(Reach.EITHER, Nature.DOWN, FaultClass.DISK, (t, d, s) -> new DiskFault.FillDisk(t)),
    REMOVE_WAL(Reach.EITHER, Nature.QUICK, FaultClass.DISK, (t, d, s) -> new DiskFault.RemoveWal(t)),
    DAMAGE_PAGE(Reach.EITHER, Nature.QUICK, FaultClass.DISK, (t, d, s) -> new DiskFault.DamagePage(t)),
    REMOVE_DATA(Reach.EITHER, Nature.QUICK, FaultClass.POSTMASTER_CRASH, (t, d, s) -> new DiskFault.RemoveData(t)),
    // about as many things a second as a cheap rotating disk does, or a cloud's disk that has spent its credit
    SLOW_DISK(Reach.EITHER, Nature.SOFT, FaultClass.DISK, (t, d, s) -> new DiskFault.SlowDisk(t, 50)),
    FAIL_DISK(Reach.EITHER, Nature.DOWN, FaultClass.DISK, (t, d, s) -> new DiskFault.FailDisk(t)),
    // clocks
    STEP_CLOCK(
            Reach.EITHER, Nature.SOFT, FaultClass.CLOCK, (t, d, s) -> new ClockFault.StepClock(t, Duration.ofHours(1))),
    STEP_CLOCK_BACK(
            Reach.EITHER,
            Nature.SOFT,
            FaultClass.CLOCK,
            (t, d, s) -> new ClockFault.StepClock(t, Duration.ofHours(-1))),
    FAST_CLOCK(Reach.EITHER, Nature.SOFT, FaultClass.CLOCK, (t, d, s) -> new ClockFault.DriftClock(t, 50)),
    SLOW_CLOCK(Reach.EITHER, Nature.SOFT, FaultClass.CLOCK, (t, d, s) -> new ClockFault.DriftClock(t, -50)),
    // the operator
    SWITCHOVER(Reach.PRIMARY, Nature.QUICK, FaultClass.SWITCHOVER, (t, d, s) -> new Fault.Switchover(Optional.empty())),
    // a virtual address, and what passes it
    KILL_UCARP(Reach.EITHER, Nature.QUICK, FaultClass.POSTMASTER_CRASH, (t, d, s) -> new AddressFault.KillUcarp(t)),
    FREEZE_UCARP(Reach.EITHER, Nature.DOWN, FaultClass.ADDRESS, (t, d, s) -> new AddressFault.FreezeUcarp(t)),
    // seconds, where a link is slow by tenths of a second
    SLOW_UP_SCRIPT(
            Reach.STANDBY,
            Nature.SOFT,
            FaultClass.ADDRESS,
            (t, d, s) -> new AddressFault.SlowUpScript(t, d.multipliedBy(20))),
    // longer than any ucarp listens for a master
    STEP_UCARP_CLOCK(
            Reach.STANDBY,
            Nature.DOWN,
            FaultClass.ADDRESS,
            (t, d, s) -> new AddressFault.StepUcarpClock(t, Duration.ofHours(1))),
    MUTE_CARP(Reach.EITHER, Nature.DOWN, FaultClass.ADDRESS, (t, d, s) -> new AddressFault.MuteCarp(t)),
    TAKE_ADDRESS(Reach.PRIMARY, Nature.QUICK, FaultClass.ADDRESS, (t, d, s) -> new AddressFault.TakeAddress(t)),
    STRAY_ADDRESS(Reach.STANDBY, Nature.QUICK, FaultClass.ADDRESS, (t, d, s) -> new AddressFault.StrayAddress(t)),
    LOSE_CARRIER(Reach.EITHER, Nature.DOWN, FaultClass.HOST_ISOLATED, (t, d, s) -> new AddressFault.LoseCarrier(t)),
    PART_MACHINES(
            Reach.CLUSTER,
            Nature.DOWN,
            FaultClass.PARTITION,
            (t, d, s) -> new AddressFault.PartMachines(Target.primary(), Target.standby()));

    private static final Duration EXAMPLE_LATENCY = Duration.ofMillis(100);

    private final Reach reach;
    private final Nature nature;
    private final FaultClass faultClass;
    private final Maker maker;

    /** What a fault of a kind can hit. */
    public enum Reach {
        /** Any machine. */
        EITHER("any machine"),
        /** The primary. */
        PRIMARY("the primary"),
        /** A standby. */
        STANDBY("a standby"),
        /** The cluster as a whole. */
        CLUSTER("the cluster");

        private final String words;

        Reach(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** What becomes of what is hit. */
    public enum Nature {
        /** It is over as soon as it is made, and who was hit comes back by itself. */
        QUICK,
        /** Somebody is away, or may be, until it is healed. */
        DOWN,
        /** Everybody goes on, less well, until it is healed. */
        SOFT
    }

    /** Makes the value that says what shall break. */
    @FunctionalInterface
    private interface Maker {
        Fault make(Target target, Duration latency, Terrain terrain);
    }

    FaultKind(Reach reach, Nature nature, FaultClass faultClass, Maker maker) {
        this.reach = reach;
        this.nature = nature;
        this.faultClass = faultClass;
        this.maker = maker;
    }

    private static Maker kill(Kind process) {
        return (target, latency, terrain) -> new ProcessFault.KillProcess(target, process);
    }

    private static Maker freeze(Kind process) {
        return (target, latency, terrain) -> new ProcessFault.FreezeProcess(target, process);
    }

    private static Maker isolate(Neighbour... from) {
        return (target, latency, terrain) -> new PartitionFault.Isolate(target, Set.of(from));
    }

    private static Maker split(Shape shape) {
        return (target, latency, terrain) -> new PartitionFault.Split(shape);
    }

    /** The name used on command lines and in files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it can hit. */
    public Reach reach() {
        return reach;
    }

    /** What becomes of what it hits. */
    public Nature nature() {
        return nature;
    }

    /** The class of promise when it hits a primary or a link. */
    public FaultClass faultClass() {
        return faultClass;
    }

    /**
     * The fault itself.
     *
     * @param target whom it hits; without meaning where it hits the cluster
     * @param latency how slow something becomes, where it becomes slow; at least 2 ms
     * @param terrain the cluster
     */
    public Fault on(Target target, Duration latency, Terrain terrain) {
        return maker.make(target, latency, terrain);
    }

    /** Whether it can be made in such a cluster at all. */
    public boolean fits(Terrain terrain) {
        if (takesOwnKernel()) {
            return terrain.ownKernels();
        }
        return switch (this) {
            case SPLIT_HALVES -> terrain.machines() >= Shape.HALVES.machines();
            case SPLIT_BRIDGE -> terrain.machines() >= Shape.BRIDGE.machines();
            case SPLIT_RING -> terrain.machines() >= Shape.RING.machines();
            case KILL_ARBITERS, FREEZE_ARBITERS, SLOW_ARBITERS, ISOLATE_FROM_ARBITER -> terrain.arbiters() >= 1;
            case KILL_ONE_ARBITER, FREEZE_ONE_ARBITER -> terrain.arbiters() >= 3;
            case FILL_DISK -> terrain.limitedVolumes();
            case KILL_UCARP,
                    FREEZE_UCARP,
                    SLOW_UP_SCRIPT,
                    STEP_UCARP_CLOCK,
                    MUTE_CARP,
                    TAKE_ADDRESS,
                    STRAY_ADDRESS,
                    LOSE_CARRIER,
                    PART_MACHINES -> terrain.address();
            case POWER_LOSS, SLOW_DISK, FAIL_DISK, STEP_CLOCK, STEP_CLOCK_BACK, FAST_CLOCK, SLOW_CLOCK ->
                terrain.ownKernels();
            default -> reach != Reach.STANDBY || terrain.machines() >= 2;
        };
    }

    /** Whether it can be made only where each machine has a kernel of its own. */
    public boolean takesOwnKernel() {
        return switch (this) {
            case POWER_LOSS, SLOW_DISK, FAIL_DISK, STEP_CLOCK, STEP_CLOCK_BACK, FAST_CLOCK, SLOW_CLOCK -> true;
            default -> false;
        };
    }

    /** What it takes, in words; empty if it can be made in every cluster. */
    public String takes() {
        if (takesOwnKernel()) {
            return "machines with a kernel of their own";
        }
        return switch (this) {
            case SPLIT_BRIDGE -> "3 machines";
            case SPLIT_RING -> "4 machines";
            case KILL_ONE_ARBITER, FREEZE_ONE_ARBITER -> "3 arbiters";
            case FILL_DISK -> "data volumes of a limited size";
            case KILL_UCARP,
                    FREEZE_UCARP,
                    SLOW_UP_SCRIPT,
                    STEP_UCARP_CLOCK,
                    MUTE_CARP,
                    TAKE_ADDRESS,
                    STRAY_ADDRESS,
                    LOSE_CARRIER,
                    PART_MACHINES -> "a virtual address under ucarp, between 2 machines";
            case POWER_LOSS, SLOW_DISK, FAIL_DISK, STEP_CLOCK, STEP_CLOCK_BACK, FAST_CLOCK, SLOW_CLOCK ->
                "machines with a kernel of their own";
            default -> "";
        };
    }

    /**
     * The kind of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static FaultKind of(String id) {
        return Arrays.stream(values())
                .filter(kind -> kind.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no fault '" + id + "'; choose from: "
                        + Arrays.stream(values()).map(FaultKind::id).collect(Collectors.joining(", ")) + "."));
    }

    /** What it does, in half a sentence. */
    public String description() {
        Target target = reach == Reach.STANDBY ? Target.standby() : Target.primary();
        String fault = on(target, EXAMPLE_LATENCY, new Terrain(5, 1, true, true, true, Set.of()))
                .toString();
        return reach == Reach.EITHER
                ? fault.replace("the machine of " + target, "a machine").replace(target.toString(), "a machine")
                : fault;
    }
}
