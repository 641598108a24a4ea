package io.github.pggauntlet.harness.fault;

import io.github.pggauntlet.harness.cluster.EnvironmentException;
import io.github.pggauntlet.harness.cluster.Machine;
import io.github.pggauntlet.harness.cluster.TestCluster;
import io.github.pggauntlet.harness.fault.ActiveFault.Made;
import io.github.pggauntlet.strategy.NodeStatus;
import io.github.pggauntlet.strategy.host.Command;
import io.github.pggauntlet.strategy.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Faults of a whole machine, made through the engine. */
final class MachineFaults {

    /** What a machine may be found to have above what it was given: the engine counts in whole nanoseconds and bytes. */
    private static final double ROUNDING = 0.001;

    private static final Duration LOOK = Duration.ofSeconds(20);

    private final TestCluster cluster;
    private final Targets targets;

    MachineFaults(TestCluster cluster, Targets targets) {
        this.cluster = cluster;
        this.targets = targets;
    }

    ActiveFault killHost(Fault.KillHost fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        requireRunning(machine);
        Instant from = Instant.now();
        Machine.State state = machine.kill();
        Instant to = Instant.now();
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        evidence(hit, state)),
                () -> start(machine));
    }

    /** Only where a kernel dies with its machine is anything lost that had been written. */
    ActiveFault losePower(HostFault.PowerLoss fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        if (!machine.hasOwnKernel()) {
            throw new FaultNotMade("The machine " + machine.name() + " shares the engine's kernel, which keeps what was"
                    + " written; a loss of power takes machines with a kernel of their own.");
        }
        requireRunning(machine);
        String unwritten = machine.host()
                .run(Command.of(LOOK, "sed", "-n", "s/^\\(Dirty\\|Writeback\\): *//p", "/proc/meminfo"))
                .orFail()
                .output()
                .strip()
                .replace("\n", " and ");
        Instant from = Instant.now();
        Machine.State state = machine.kill();
        Instant to = Instant.now();
        Map<String, String> evidence = new TreeMap<>(evidence(hit, state));
        evidence.put("not yet written, and being written, just before", unwritten);
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        Map.copyOf(evidence)),
                () -> start(machine));
    }

    ActiveFault stopHost(Fault.StopHost fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        requireRunning(machine);
        Instant from = Instant.now();
        Machine.State state = machine.stop(fault.limit());
        Instant to = Instant.now();
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        evidence(hit, state)),
                () -> start(machine));
    }

    ActiveFault freeze(HostFault.FreezeHost fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        requireRunning(machine);
        Instant from = Instant.now();
        Machine.State state = machine.pause();
        Instant to = Instant.now();
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        Map.of("role", hit.role().name(), "machine", state.status())),
                () -> thaw(machine));
    }

    static Map<String, String> thaw(Machine machine) throws InterruptedException {
        try {
            Machine.State before = machine.state();
            Machine.State state = before.paused() ? machine.unpause() : before;
            return Map.of("machine", state.status());
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The machine " + machine.name() + " was not thawed: " + e.getMessage(), e);
        }
    }

    ActiveFault restart(HostFault.RestartHost fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        requireRunning(machine);
        Instant from = Instant.now();
        Machine.State ended = machine.kill();
        Instant to = Instant.now();
        Machine.State booted = machine.start();
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        Map.of(
                                "role", hit.role().name(),
                                "ended", ended.finishedAt().toString(),
                                "started", booted.startedAt().toString())),
                () -> Map.of("machine", machine.state().status()));
    }

    ActiveFault squeeze(HostFault.SqueezeHost fault) throws InterruptedException {
        NodeStatus hit = targets.resolve(fault.target());
        Machine machine = cluster.machine(hit.member());
        requireRunning(machine);
        Machine.Share whole = machine.wholeShare();
        Machine.Share wanted = new Machine.Share(fault.processors(), (long) fault.megabytes() << 20);
        Instant from = Instant.now();
        Machine.Share seen = machine.limit(wanted);
        Instant to = Instant.now();
        if (!same(wanted, seen)) {
            throw new FaultNotMade(
                    "The machine " + machine.name() + " was to get " + wanted + " and has " + seen + ".");
        }
        return new ActiveFault(
                new Made(
                        fault,
                        Targets.judgedAs(fault, hit),
                        resolved(fault.target(), hit),
                        from,
                        to,
                        Map.of("role", hit.role().name(), "limits", seen.toString())),
                () -> relax(machine, whole));
    }

    private static Map<String, String> relax(Machine machine, Machine.Share whole) throws InterruptedException {
        try {
            Machine.Share seen = machine.limit(whole);
            if (!same(whole, seen)) {
                throw new FaultNotMade(
                        "The machine " + machine.name() + " was to get everything and has " + seen + ".");
            }
            return Map.of("limits", seen.toString());
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade(
                    "The limits of the machine " + machine.name() + " were not taken away: " + e.getMessage(), e);
        }
    }

    private static boolean same(Machine.Share one, Machine.Share other) {
        return one.memoryBytes() == other.memoryBytes() && Math.abs(one.processors() - other.processors()) < ROUNDING;
    }

    private static void requireRunning(Machine machine) throws InterruptedException {
        Machine.State state = machine.state();
        if (!state.running() || state.paused()) {
            throw new VictimGone("The machine " + machine.name() + " does not run; it is " + state.status() + ".");
        }
    }

    private static Map<String, String> evidence(NodeStatus hit, Machine.State state) {
        return Map.of(
                "role", hit.role().name(),
                "machine", state.status(),
                "exit status", Long.toString(state.exitStatus()),
                "ended", state.finishedAt().toString());
    }

    static Map<String, String> start(Machine machine) throws InterruptedException {
        try {
            Machine.State before = machine.state();
            // Somebody else may have started it, or an attempt before this one may have failed after its start.
            Machine.State state = before.running() ? before : machine.start();
            return Map.of(
                    "machine", state.status(), "started", state.startedAt().toString());
        } catch (HostException | EnvironmentException e) {
            throw new FaultNotMade("The machine " + machine.name() + " was not started again: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> resolved(Target target, NodeStatus hit) {
        return Map.of(target.toString(), hit.member());
    }
}
